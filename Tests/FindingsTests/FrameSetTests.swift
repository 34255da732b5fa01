import Testing

@testable import Findings

@Suite struct FrameSetTests {
  @Test func `a frame's rank is the number of frames of the set before it`() {
    let members: [UInt32] = [1, 2, 63, 64, 65, 640, 100_000]
    var set = FrameSet()
    for frame in members.reversed() { set.insert(frame) }
    let asked: [UInt32] = [0, 1, 2, 3, 63, 64, 65, 66, 639, 640, 641, 99_999, 100_000, 100_001, 900_000]
    #expect(set.ranks(of: asked) == asked.map { frame in members.count { $0 < frame } })
    #expect(set.count == members.count && FrameSet().count == 0)
    #expect(asked.allSatisfy { set.contains($0) == members.contains($0) })
  }
}

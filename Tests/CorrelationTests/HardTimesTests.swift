import Matching
import Scenarios
import Testing
import Verdicts

@testable import Correlation

@Suite struct HardTimesTests {
  /// A clean run of which one frame in the middle has another time in its capture, or nothing where that traps.
  static func correlate(time: Int64, at point: Int, lossy: Bool) {
    var scenario = Scenario.usual()
    if lossy { scenario.on(segment: 0, .clientToServer, .init(.data, 1), .drop, conversation: 0) }
    let run = scenario.run()
    let traffic = run.traffic { $0 == point && $1 == 14 ? time : $2 }
    let matched = MatchedTraffic(inputs: traffic, names: run.names, givenOrder: [0, 1, 2])
    let tally = Correlator(matched).correlate()
    let bounds = tally.clockBounds(points: 3)
    for position in 1..<3 {
      _ = bounds.offset(of: position, against: 0, at: Scenario.start)
      _ = bounds.drift(of: position, against: 0)
    }
  }

  @Test func `a time of zero traps nowhere`() {
    for point in 0..<3 { Self.correlate(time: 0, at: point, lossy: true) }
  }

  @Test func `the latest time that a classic capture can hold traps nowhere`() {
    for point in 0..<3 { Self.correlate(time: Int64(UInt32.max) * 1_000_000_000, at: point, lossy: true) }
  }

  @Test func `the time of a damaged frame beyond the year 2262 traps nowhere`() async {
    await #expect(processExitsWith: .success) { Self.correlate(time: .max, at: 0, lossy: false) }
    await #expect(processExitsWith: .success) { Self.correlate(time: .max, at: 1, lossy: false) }
  }

  @Test func `the time of a damaged frame before the year 1678 traps nowhere`() async {
    await #expect(processExitsWith: .success) { Self.correlate(time: .min, at: 1, lossy: false) }
  }
}

@Suite struct LongConnectionTests {
  @Test func `a capture that misses half of a long connection is said to miss each packet`() {
    var conversation = TCPConversation(script: [.client(1600)])
    conversation.segmentSize = 1
    conversation.window = 40
    var scenario = Scenario(points: 2)
    scenario.add(conversation)
    scenario.capture(at: 1, .miss) {
      $0.direction == .clientToServer && $0.label.kind == .data && $0.label.index > 800
    }
    let run = scenario.run()
    let matched = MatchedTraffic(inputs: run.traffic(), names: run.names, givenOrder: [0, 1])
    #expect(Correlator(matched).correlate().missed == [1: 799])
  }
}

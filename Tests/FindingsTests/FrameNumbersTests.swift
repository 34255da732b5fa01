import Testing
import Verdicts

@testable import Findings

@Suite struct FrameNumbersTests {
  private func numbers(_ frames: [Int]) -> FrameNumbers {
    FrameNumbers([
      PointSource(name: "p0", files: [], linkTypes: []),
      PointSource(name: "p1", files: frames.map { PointSource.File(path: "f", frames: $0) }, linkTypes: []),
    ])
  }

  @Test(
    arguments: [
      (1, 0, 1), (10, 0, 10), (11, 2, 1), (15, 2, 5), (16, 3, 1), (17, 3, 2), (99, 3, 84),
    ]) func `a running number is a frame of the file that it falls into`(_ running: UInt32, _ file: Int, _ frame: Int)
  {
    #expect(numbers([10, 0, 5, 1])[1, running] == FrameReference(point: 1, file: file, frame: frame))
  }

  @Test func `one file's frames are the running numbers`() {
    #expect(numbers([10])[1, 7] == FrameReference(point: 1, file: 0, frame: 7))
  }

  @Test func `a point without files has one without a name`() {
    #expect(numbers([])[0, 7] == FrameReference(point: 0, file: 0, frame: 7))
  }
}

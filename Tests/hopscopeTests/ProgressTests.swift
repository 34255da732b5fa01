import Testing

@testable import hopscope

@Suite struct ProgressTests {
  @Test(
    arguments: [
      (1_200_000_000, 2_700_000_000, .seconds(4), "reading  44 %  1.2 GB of 2.7 GB  300 MB/s  5 s left"),
      (0, 500, .seconds(1), "reading  0 %  0 B of 500 B  0 B/s"),
      (9_960_000, 10_000_000_000, .milliseconds(996), "reading  0 %  10 MB of 10 GB  10 MB/s  16 min 40 s left"),
      (700, 500, .seconds(1), "reading  100 %  500 B of 500 B  500 B/s  0 s left"),
    ] as [(Int64, Int64, Duration, String)])
  func `the line says share, sizes, rate and time left`(read: Int64, total: Int64, elapsed: Duration, text: String) {
    #expect(ProgressLine(bytesRead: read, total: total, elapsed: elapsed).text == text)
  }
}

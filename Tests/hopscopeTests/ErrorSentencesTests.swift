import Captures
import Testing

@testable import hopscope

@Suite struct ErrorSentencesTests {
  @Test(
    arguments: [
      .notFound, .isFolder, .noPermission, .unreadable(errno: 5), .headerCut(length: 7),
      .unsupportedVersion(major: 3, minor: 1), .interfacesDiffer(.linkType), .interfacesDiffer(.snapLength),
      .badFilter(message: "m"), .refused(message: "m"), .notACapture(.empty), .notACapture(.gzip),
      .notACapture(.bzip2), .notACapture(.xz), .notACapture(.zstandard), .notACapture(.lz4), .notACapture(.zip),
      .notACapture(.snoop), .notACapture(.networkMonitor), .notACapture(.text),
      .notACapture(.other(firstBytes: [0x7F, 0x45])),
    ] as [CaptureError])
  func `a sentence names the file once first, and is one line`(error: CaptureError) {
    let sentence = InputError.capture(path: "in/fw1.pcap", error).sentence
    #expect(sentence.contains("in/fw1.pcap"))
    #expect(!sentence.contains("\n") && !sentence.hasSuffix("."))
  }

  @Test func `unknown bytes are shown in hexadecimal`() {
    let sentence = CaptureError.notACapture(.other(firstBytes: [0x7F, 0x45, 0x00, 0x0A])).sentence("x")
    #expect(sentence.contains("7f 45 00 0a"))
  }

  @Test func `damage says frame, byte and what was analysed`() {
    let damage = CaptureDamage(byteOffset: 4711, frame: 43, cause: .malformed(message: "too long"))
    #expect(
      damage.sentence("a.pcap")
        == "a.pcap is damaged at frame 43 (byte 4711): too long; the 42 frames before it were analysed")
  }

  @Test func `a long list of entries left out is shortened, the count is not`() {
    let names = (1...20).map { "n\($0)" }
    let sentence = Remark.leftOut(folder: "d", names: names, compressed: 0).sentence
    #expect(sentence.hasPrefix("20 entries of d"))
    #expect(sentence.contains("n8") && !sentence.contains("n9"))
  }
}

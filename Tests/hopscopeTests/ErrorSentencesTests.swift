import Captures
import Flows
import Testing

@testable import hopscope

@Suite struct ErrorSentencesTests {
  @Test(
    arguments: [
      .notFound, .isFolder, .noPermission, .unreadable(errno: 5), .headerCut(length: 7),
      .unsupportedVersion(major: 3, minor: 1), .noInterface, .isArchive,
      .memberNotFound(name: "n"), .unpacking(message: "m"),
      .damagedStart(.init(byteOffset: 28, frame: 1, cause: .malformed(.unknownInterface(0)))),
      .badFilter(message: "m"), .notACapture(.empty), .notACapture(.gzip),
      .notACapture(.bzip2), .notACapture(.xz), .notACapture(.zstandard), .notACapture(.lz4), .notACapture(.zip),
      .notACapture(.tar), .notACapture(.networkMonitor), .notACapture(.text),
      .notACapture(.other(firstBytes: [0x7F, 0x45])),
    ] as [CaptureError])
  func `a sentence names the file once first, and is one line`(error: CaptureError) {
    let sentence = InputError.capture(path: "in/fw1.pcap", error).sentence
    #expect(sentence.contains("in/fw1.pcap"))
    #expect(!sentence.contains("\n") && !sentence.hasSuffix("."))
  }

  @Test(
    arguments: [
      .memory(errno: 12), .temporaryFile(folder: "/var/tmp", errno: 28), .tooManyPackets(most: 1 << 32),
    ] as [StoreFailure])
  func `packets that find no room have a sentence that names the point`(failure: StoreFailure) {
    let sentence = Failure.store(point: "fw1", failure).sentence
    #expect(sentence.contains("fw1") && !sentence.contains("\n") && !sentence.hasSuffix("."))
  }

  @Test func `unknown bytes are shown in hexadecimal`() {
    let sentence = CaptureError.notACapture(.other(firstBytes: [0x7F, 0x45, 0x00, 0x0A])).sentence("x")
    #expect(sentence.contains("7f 45 00 0a"))
  }

  @Test(
    arguments: [
      (.cut, "a.pcap is cut within frame 43 (byte 4711); the 42 frames before it were analysed"),
      (
        .malformed(.lengthsDiffer(start: 12, end: 16)),
        "a.pcap is damaged at frame 43 (byte 4711): a block is 12 bytes long by its start and 16 by its end; "
          + "the 42 frames before it were analysed"
      ),
    ] as [(CaptureDamage.Cause, String)])
  func `damage says frame, byte and what was analysed`(cause: CaptureDamage.Cause, sentence: String) {
    #expect(CaptureDamage(byteOffset: 4711, frame: 43, cause: cause).sentence("a.pcap") == sentence)
  }

  @Test(
    arguments: [
      .cut, .unreadable(errno: 5), .unpacking(message: "m"), .badFilter(message: "m"),
      .malformed(.packetTooLong(captured: 9, limit: 8)), .malformed(.packetOverrunsRecord(captured: 9, room: 8)),
      .malformed(.recordLength(3)), .malformed(.unknownInterface(2)), .malformed(.timeResolution(99)),
      .malformed(.byteOrder), .malformed(.sectionVersion(major: 2, minor: 0)),
    ] as [CaptureDamage.Cause])
  func `every kind of damage has words`(cause: CaptureDamage.Cause) {
    let sentence = CaptureDamage(byteOffset: 28, frame: 2, cause: cause).sentence("a.pcap")
    #expect(sentence.hasPrefix("a.pcap is ") && sentence.contains("byte 28") && !sentence.contains("\n"))
  }

  @Test func `a long list of entries left out is shortened, the count is not`() {
    let names = (1...20).map { "n\($0)" }
    let sentence = Remark.leftOut(folder: "d", names: names).sentence
    #expect(sentence.hasPrefix("20 entries of d"))
    #expect(sentence.contains("n8") && !sentence.contains("n9"))
  }
}

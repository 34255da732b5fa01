import Captures
import Foundation
import Testing

@Suite struct CaptureErrorTests {
  private func openingError(_ bytes: [UInt8], filter: String? = nil) throws -> CaptureError? {
    try withTemporaryFile(bytes) { path in
      #expect(throws: CaptureError.self) { _ = try CaptureReader(path: path, filter: filter) }
    }
  }

  @Test func `a missing file is not found`() throws {
    try withTemporaryFile([]) { path in
      #expect(throws: CaptureError.notFound) { _ = try CaptureReader(path: path + ".gone") }
      #expect(throws: CaptureError.notFound) { _ = try CaptureReader(path: path + "/below") }
    }
  }

  @Test func `a folder is a folder`() throws {
    let folder = FileManager.default.temporaryDirectory.path
    #expect(throws: CaptureError.isFolder) { _ = try CaptureReader(path: folder) }
  }

  @Test(.enabled(if: getuid() != 0, "root may read everything"))
  func `a file without read permission says so`() throws {
    try withTemporaryFile(CaptureBytes.pcap().bytes) { path in
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
      #expect(throws: CaptureError.noPermission) { _ = try CaptureReader(path: path) }
    }
  }

  @Test(
    arguments: [
      ([], .empty),
      ([0x47, 0x4D, 0x42, 0x55, 0, 0], .networkMonitor),
      (Array("{\"points\": []}\n".utf8), .text),
      (Array("größer\n".utf8), .text),
      ([0xCA, 0xFE, 0xBA, 0xBE, 0], .other(firstBytes: [0xCA, 0xFE, 0xBA, 0xBE])),
    ] as [([UInt8], FileKind)])
  func `what is not a capture says what it looks like`(bytes: [UInt8], kind: FileKind) throws {
    #expect(try openingError(bytes) == .notACapture(kind))
    #expect(!kind.isCapture)
  }

  @Test(arguments: [4, 23])
  func `a cut pcap header is told from a file of another kind`(length: Int) throws {
    #expect(try openingError(Array(CaptureBytes.pcap().bytes.prefix(length))) == .headerCut(length: length))
  }

  @Test func `a cut pcapng header is told from a file of another kind`() throws {
    #expect(try openingError(Array(CaptureBytes.pcapng().bytes.prefix(20))) == .headerCut(length: 20))
  }

  @Test(arguments: CaptureBytes.Order.allCases)
  func `an unknown version of the format is named`(order: CaptureBytes.Order) throws {
    let pcap = CaptureBytes.pcap(order, version: (3, 1))
    #expect(try openingError(pcap.bytes) == .unsupportedVersion(major: 3, minor: 1))
    let pcapng = CaptureBytes.pcapng(order, major: 2).interface()
    #expect(try openingError(pcapng.bytes) == .unsupportedVersion(major: 2, minor: 0))
  }

  @Test func `pcapng without an interface is refused`() throws {
    #expect(try openingError(CaptureBytes.pcapng().bytes) == .noInterface)
    let packet = try openingError(CaptureBytes.pcapng().packet(time: 1, [1]).bytes)
    let damage = CaptureDamage(byteOffset: 28, frame: 1, cause: .malformed(.unknownInterface(0)))
    #expect(packet == .damagedStart(damage))
  }

  @Test(
    arguments: [
      ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0], .gzip), ([0x28, 0xB5, 0x2F, 0xFD, 0, 0], .zstandard),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .xz), (Array("BZh91AY".utf8), .bzip2),
      ([0x04, 0x22, 0x4D, 0x18, 0, 0], .lz4),
    ] as [([UInt8], FileKind)])
  func `what only starts like a compressed file cannot be unpacked`(bytes: [UInt8], kind: FileKind) throws {
    #expect(FileKind(prefix: bytes) == kind && kind.isCompressed)
    guard case .unpacking(let message) = try openingError(bytes) else {
      Issue.record("it was not refused")
      return
    }
    #expect(!message.isEmpty)
  }

  @Test func `a bad filter carries libpcap's message`() throws {
    let error = try openingError(CaptureBytes.pcap().bytes, filter: "tcp prot 80")
    guard case .badFilter(let message) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(message.contains("syntax error"))
  }

  @Test(arguments: CaptureBytes.Order.allCases)
  func `the kind of a capture is told by its magic in both byte orders`(order: CaptureBytes.Order) throws {
    for magic: UInt32 in [0xA1B2_C3D4, 0xA1B2_3C4D] {
      #expect(FileKind(prefix: CaptureBytes.pcap(order, magic: magic).bytes) == .pcap)
    }
    let kind = try withTemporaryFile(CaptureBytes.pcapng(order).bytes) { try CaptureFile(path: $0).kind }
    #expect(kind == .pcapng)
  }
}

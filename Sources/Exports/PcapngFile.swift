import Files
import Glibc

/// Writes a pcapng file (draft-ietf-opsawg-pcapng) with times in nanoseconds, block after block, little-endian.
struct PcapngFile: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private static let flushSize = 1 << 20

  /// Opens the file, which must be there, and writes its section header.
  init(path: String, comment: String) throws(ExportError) {
    self.path = path
    descriptor = unsafe open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)
    guard descriptor >= 0 else { throw .file(FileError(path: path, number: errno)) }
    block(0x0A0D_0D0A) { file in
      file.word(0x1A2B_3C4D)
      file.half(1)
      file.half(0)
      // The length of the section is not known.
      file.word(.max)
      file.word(.max)
      file.option(1, comment)
      file.option(4, "hopscope")
      file.half(0)
      file.half(0)
    }
  }

  deinit { close(descriptor) }

  /// Adds an interface; interfaces are numbered from 0 in the order in which they are added.
  mutating func addInterface(linkType: UInt16, name: String, description: String) {
    block(1) { file in
      file.half(linkType)
      file.half(0)
      // No limit to the length of a frame.
      file.word(0)
      file.option(2, name)
      if !description.isEmpty { file.option(3, description) }
      // Times count nanoseconds.
      file.half(9)
      file.half(1)
      file.buffer += [9, 0, 0, 0]
      file.half(0)
      file.half(0)
    }
  }

  /// Adds a frame; times before 1970 become 1970.
  mutating func addFrame(
    interface: Int, timeNS: Int64, wireLength: Int, bytes: [UInt8], comments: [String]
  ) throws(ExportError) {
    let time = UInt64(max(0, timeNS))
    block(6) { file in
      file.word(UInt32(truncatingIfNeeded: interface))
      file.word(UInt32(truncatingIfNeeded: time >> 32))
      file.word(UInt32(truncatingIfNeeded: time))
      file.word(UInt32(truncatingIfNeeded: bytes.count))
      file.word(UInt32(truncatingIfNeeded: wireLength))
      file.padded(bytes)
      for comment in comments { file.option(1, comment) }
      guard !comments.isEmpty else { return }
      file.half(0)
      file.half(0)
    }
    if buffer.count >= Self.flushSize { try flush() }
  }

  /// Writes what is still in memory.
  mutating func flush() throws(ExportError) {
    var done = 0
    while done < buffer.count {
      let written = unsafe buffer.withUnsafeBytes { bytes in
        unsafe write(descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done)
      }
      if written < 0 && errno == EINTR { continue }
      guard written >= 0 else { throw .file(FileError(path: path, number: errno)) }
      done += written
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// A block: type, length, body, length again.
  private mutating func block(_ type: UInt32, _ body: (inout PcapngFile) -> Void) {
    let start = buffer.count
    word(type)
    word(0)
    body(&self)
    let length = UInt32(truncatingIfNeeded: buffer.count - start + 4)
    word(length)
    for byte in 0..<4 { buffer[start + 4 + byte] = UInt8(truncatingIfNeeded: length >> UInt32(8 * byte)) }
  }

  /// A text option; one longer than 65,535 bytes is cut, at a character.
  private mutating func option(_ code: UInt16, _ text: String) {
    var text = Substring(text)
    while text.utf8.count > Int(UInt16.max) { text.removeLast() }
    half(code)
    half(UInt16(text.utf8.count))
    padded(Array(text.utf8))
  }

  /// The bytes, filled up to 32 bits.
  private mutating func padded(_ bytes: [UInt8]) {
    buffer += bytes
    while buffer.count % 4 != 0 { buffer.append(0) }
  }

  private mutating func word(_ value: UInt32) {
    for byte in 0..<4 { buffer.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * byte))) }
  }

  private mutating func half(_ value: UInt16) {
    buffer.append(UInt8(truncatingIfNeeded: value))
    buffer.append(UInt8(truncatingIfNeeded: value >> 8))
  }
}

/// The number of a link type in a file (`LINKTYPE_…`) from libpcap's number (`DLT_…`).
///
/// They differ where systems disagreed about the latter (pcap-linktype(7)).
func fileLinkType(_ number: Int32) -> UInt16 {
  switch number {
  case 11: 100
  case 12, 14: 101
  default: UInt16(truncatingIfNeeded: number)
  }
}

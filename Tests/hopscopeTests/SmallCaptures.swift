import Foundation

/// Little-endian pcap files of a few Ethernet frames, and what people give in their place.
enum SmallCaptures {
  /// A capture of one frame for each time, in seconds.
  static func pcap(seconds: [UInt32] = [1_700_000_000, 1_700_000_001]) -> Data {
    var bytes = words(0xA1B2_C3D4, 0x0004_0002, 0, 0, 65535, 1)
    for second in seconds {
      bytes += words(second, 0, UInt32(frame.count), UInt32(frame.count)) + frame
    }
    return Data(bytes)
  }

  /// An ARP request: 42 bytes.
  private static let frame: [UInt8] =
    [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0, 0, 1, 0x08, 0x06]
    + [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2]

  private static func words(_ words: UInt32...) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) } }
  }
}

extension URL {
  /// Writes a file into this folder, with the folders above it, and gives its path.
  @discardableResult
  func add(_ name: String, _ data: Data = SmallCaptures.pcap()) throws -> String {
    let file = appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
    return file.path
  }
}

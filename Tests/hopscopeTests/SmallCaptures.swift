import Foundation
import Packets
import TestSupport

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

  /// A capture of one packet at eth0 and two at an interface without a name, of another link type.
  static var twoInterfaces: Data {
    let writer = PcapngWriter(interfaces: [
      .init(name: "eth0"), .init(linkType: .raw, snapLength: 96), .init(name: "idle"),
    ])
    let second: Int64 = 1_000_000_000
    return Data(
      writer.file([
        CapturedFrame(timeNS: second, bytes: frame), CapturedFrame(timeNS: 2 * second, bytes: [0x45], interface: 1),
        CapturedFrame(timeNS: 3 * second, bytes: [0x45], interface: 1),
      ]))
  }

  /// A pcapng block of statistics with options of one 64-bit number each.
  static func statistics(interface: UInt32, options: [(code: UInt32, value: UInt32)]) -> Data {
    let length = UInt32(24 + 12 * options.count)
    let body = options.flatMap { words(0x0008_0000 | $0.code, $0.value, 0) }
    return Data(words(5, length, interface, 0, 0) + body + words(length))
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

/// What a file looks like by its first bytes, whatever its name says.
public enum FileKind: Sendable, Hashable {
  /// A pcap file in either byte order, with µs or ns times.
  case pcap
  /// A pcapng file.
  case pcapng
  /// A snoop capture (RFC 1761).
  case snoop
  /// A capture in Endace's Extensible Record Format.
  case erf
  /// No byte at all.
  case empty
  /// Compressed with gzip (RFC 1952).
  case gzip
  /// Compressed with bzip2.
  case bzip2
  /// Compressed with xz.
  case xz
  /// Compressed with Zstandard (RFC 8878).
  case zstandard
  /// Compressed with LZ4.
  case lz4
  /// A tar archive.
  case tar
  /// A ZIP archive.
  case zip
  /// A Microsoft Network Monitor capture.
  case networkMonitor
  /// Text: JSON, CSV and the like.
  case text
  /// Anything else, with its first bytes (at most four).
  case other(firstBytes: [UInt8])

  /// Bytes from the start of a file by which its kind is told.
  static let prefixLength = 4096

  /// Whether frames can be read from it.
  public var isCapture: Bool {
    switch self {
    case .pcap, .pcapng, .snoop, .erf: true
    default: false
    }
  }

  /// Whether it must be unpacked before anybody can tell what is in it.
  public var isCompressed: Bool {
    switch self {
    case .gzip, .bzip2, .xz, .zstandard, .lz4: true
    default: false
    }
  }

  /// Whether it holds files of its own.
  public var isArchive: Bool { self == .tar || self == .zip }

  /// The kind of a file that starts with these bytes; the first 4,096 are enough.
  public init(prefix: [UInt8]) {
    self = Self.byMagic(prefix) ?? Self.byForm(prefix)
  }

  private static func byMagic(_ bytes: [UInt8]) -> FileKind? {
    if bytes.isEmpty { return .empty }
    return magics.first { bytes.dropFirst($0.offset).starts(with: $0.bytes) }?.kind
  }

  private static func byForm(_ bytes: [UInt8]) -> FileKind {
    if isText(bytes.prefix(64)) { return .text }
    return ERFRecord.areLikely(bytes) ? .erf : .other(firstBytes: Array(bytes.prefix(4)))
  }

  private static let magics: [(offset: Int, bytes: [UInt8], kind: FileKind)] = [
    (0, [0xD4, 0xC3, 0xB2, 0xA1], .pcap), (0, [0xA1, 0xB2, 0xC3, 0xD4], .pcap),
    (0, [0x4D, 0x3C, 0xB2, 0xA1], .pcap), (0, [0xA1, 0xB2, 0x3C, 0x4D], .pcap),
    // Kuznetzov's variant, with longer record headers.
    (0, [0x34, 0xCD, 0xB2, 0xA1], .pcap), (0, [0xA1, 0xB2, 0xCD, 0x34], .pcap),
    (0, [0x0A, 0x0D, 0x0D, 0x0A], .pcapng),
    (0, [0x1F, 0x8B], .gzip),
    (0, [0x42, 0x5A, 0x68], .bzip2),
    (0, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .xz),
    (0, [0x28, 0xB5, 0x2F, 0xFD], .zstandard),
    (0, [0x04, 0x22, 0x4D, 0x18], .lz4),
    (0, [0x50, 0x4B, 0x03, 0x04], .zip),
    (0, [0x73, 0x6E, 0x6F, 0x6F, 0x70, 0, 0, 0], .snoop),
    (0, [0x47, 0x4D, 0x42, 0x55], .networkMonitor),
    (257, [0x75, 0x73, 0x74, 0x61, 0x72], .tar),
  ]

  private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.allSatisfy { $0 == 0x09 || $0 == 0x0A || $0 == 0x0D || ($0 >= 0x20 && $0 != 0x7F) }
  }
}

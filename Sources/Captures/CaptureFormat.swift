/// The format of a capture, with what its file header says.
enum CaptureFormat {
  case pcap(PcapLayout)
  case pcapng
  case snoop(linkType: Int32)
  case erf

  static let pcapHeaderLength = 24
  static let snoopHeaderLength = 16
  /// Type, length, byte order, version, length of the section, and the length again.
  private static let shortestSectionHeader = 28

  /// Whether each record says of which interface it is, if only of which kind.
  var hasInterfaces: Bool {
    switch self {
    case .pcapng, .erf: true
    case .pcap(let layout): layout.interface.linkType == LinkTypes.linuxSLL2
    case .snoop: false
    }
  }

  /// The format of a file of this kind that starts with these bytes.
  init(_ kind: FileKind, prefix: [UInt8]) throws(CaptureError) {
    switch kind {
    case .pcap:
      guard prefix.count >= Self.pcapHeaderLength else { throw .headerCut(length: prefix.count) }
      self = .pcap(try PcapLayout(prefix))
    case .pcapng:
      guard prefix.count >= Self.shortestSectionHeader else { throw .headerCut(length: prefix.count) }
      let version = HeaderNumbers(prefix, isBigEndian: prefix[8] != 0x4D)
      let (major, minor) = (version.half(12), version.half(14))
      guard major == 1 else { throw .unsupportedVersion(major: major, minor: minor) }
      self = .pcapng
    case .snoop:
      guard prefix.count >= Self.snoopHeaderLength else { throw .headerCut(length: prefix.count) }
      let header = HeaderNumbers(prefix, isBigEndian: true)
      guard header.word(8) == 2 else { throw .unsupportedVersion(major: Int(header.word(8)), minor: 0) }
      self = .snoop(linkType: SnoopRecord.linkType(header.word(12)))
    case .erf: self = .erf
    case _ where kind.isArchive: throw .isArchive
    default: throw .notACapture(kind)
    }
  }
}

/// The form of the records of one pcap file.
struct PcapLayout {
  /// In which order the two lengths of a record stand.
  enum Lengths {
    case capturedFirst
    case wireFirst
    /// By their values: what was captured is never more.
    case unknown
  }

  let isBigEndian: Bool
  let recordHeaderLength: Int
  let nanosecondsPerUnit: Int64
  let lengths: Lengths
  /// The only interface of the file, unless the frames tell theirs.
  let interface: CaptureInterface

  /// The form that the 24 bytes at the start of a file tell.
  init(_ header: [UInt8]) throws(CaptureError) {
    isBigEndian = header[0] == 0xA1
    let numbers = HeaderNumbers(header, isBigEndian: isBigEndian)
    let magic = numbers.word(0)
    nanosecondsPerUnit = magic == 0xA1B2_3C4D ? 1 : 1000
    // Kuznetzov's variant has an interface index, a protocol and a packet type behind the lengths.
    recordHeaderLength = magic == 0xA1B2_CD34 ? 24 : 16
    let (major, minor) = (numbers.half(4), numbers.half(6))
    guard major == 2, minor <= 4 else { throw .unsupportedVersion(major: major, minor: minor) }
    // As libpcap and Wireshark have it: the order changed with version 2.3, which some wrote with the old one.
    lengths = minor < 3 ? .wireFirst : minor == 3 ? .unknown : .capturedFirst
    let snapLength = numbers.word(16)
    // The upper bits say how long a frame check sequence there is.
    let linkType = Int32(numbers.word(20) & 0x03FF_FFFF)
    // That variant may put an Ethernet header before what it cut to the snap length.
    let mayHaveHeader = recordHeaderLength == 24 && linkType == 1 && snapLength != 0
    interface = CaptureInterface(linkType: linkType, snapLength: mayHaveHeader ? snapLength &+ 14 : snapLength)
  }
}

/// Numbers in the header of a file.
struct HeaderNumbers {
  private let bytes: [UInt8]
  private let isBigEndian: Bool

  init(_ bytes: [UInt8], isBigEndian: Bool) {
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }

  func half(_ offset: Int) -> Int {
    let (first, second) = (Int(bytes[offset]), Int(bytes[offset + 1]))
    return isBigEndian ? first << 8 | second : second << 8 | first
  }

  func word(_ offset: Int) -> UInt32 {
    let (first, second) = (UInt32(half(offset)), UInt32(half(offset + 2)))
    return isBigEndian ? first << 16 | second : second << 16 | first
  }
}

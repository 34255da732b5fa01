/// The version that the header of a capture claims, read to say why libpcap refuses a file.
struct CaptureHeader {
  /// Bytes of a whole pcap file header, or of the shortest pcapng section header.
  let length: Int
  let major: Int
  let minor: Int

  /// The header at the start of a capture of this kind; `nil` if the bytes end within it.
  init?(_ kind: FileKind, prefix: [UInt8]) {
    // pcap: magic, two-byte version fields at 4. pcapng: type, length, byte-order magic at 8, version fields at 12.
    length = kind == .pcapng ? 28 : 24
    guard prefix.count >= length else { return nil }
    let version = kind == .pcapng ? 12 : 4
    let littleEndian = kind == .pcapng ? prefix[8] == 0x4D : prefix[0] != 0xA1
    func field(_ offset: Int) -> Int {
      let (first, second) = (Int(prefix[offset]), Int(prefix[offset + 1]))
      return littleEndian ? second << 8 | first : first << 8 | second
    }
    major = field(version)
    minor = field(version + 2)
  }

  /// Whether libpcap reads this version: pcap 2.0 to 2.4, pcapng 1.x.
  func isSupported(_ kind: FileKind) -> Bool {
    kind == .pcapng ? major == 1 : major == 2 && minor <= 4
  }
}

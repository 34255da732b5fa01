/// What the frames of a capture begin with: the LINKTYPE_ numbers of tcpdump.org, which capture files carry.
public struct LinkType: RawRepresentable, Hashable, Sendable {
  /// The number as in a capture file; `pcap_datalink` may give the DLT_ number of the platform, which differs for raw IP.
  public var rawValue: Int32

  /// The link type of this number, known or not.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// BSD loopback: address family in the byte order of the capturing host.
  public static let null = LinkType(rawValue: 0)
  /// Ethernet.
  public static let ethernet = LinkType(rawValue: 1)
  /// PPP, with or without HDLC address and control bytes.
  public static let ppp = LinkType(rawValue: 9)
  /// Raw IP as DLT_RAW of most systems.
  public static let rawDLT = LinkType(rawValue: 12)
  /// Raw IP as DLT_RAW of OpenBSD.
  public static let rawOpenBSD = LinkType(rawValue: 14)
  /// PPP in HDLC-like framing (RFC 1662).
  public static let pppHDLC = LinkType(rawValue: 50)
  /// A PPPoE session header (RFC 2516) without the Ethernet header.
  public static let pppoe = LinkType(rawValue: 51)
  /// Raw IP, version by the first four bits.
  public static let raw = LinkType(rawValue: 101)
  /// OpenBSD loopback: address family in network byte order.
  public static let loop = LinkType(rawValue: 108)
  /// Linux cooked capture, version 1 (`-i any`).
  public static let linuxCooked = LinkType(rawValue: 113)
  /// Raw IPv4.
  public static let ipv4 = LinkType(rawValue: 228)
  /// Raw IPv6.
  public static let ipv6 = LinkType(rawValue: 229)
  /// Linux cooked capture, version 2 (`-i any`).
  public static let linuxCooked2 = LinkType(rawValue: 276)

  /// The name that libpcap gives it, as "EN10MB", or "LINKTYPE 147".
  public var name: String {
    switch rawValue {
    case 0: "NULL"
    case 1: "EN10MB"
    case 9: "PPP"
    case 12, 14, 101: "RAW"
    case 50: "PPP_SERIAL"
    case 51: "PPP_ETHER"
    case 105: "IEEE802_11"
    case 108: "LOOP"
    case 113: "LINUX_SLL"
    case 127: "IEEE802_11_RADIO"
    case 228: "IPV4"
    case 229: "IPV6"
    case 276: "LINUX_SLL2"
    default: "LINKTYPE \(rawValue)"
    }
  }
}

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
  /// Token Ring.
  public static let tokenRing = LinkType(rawValue: 6)
  /// PPP, with or without HDLC address and control bytes.
  public static let ppp = LinkType(rawValue: 9)
  /// FDDI.
  public static let fddi = LinkType(rawValue: 10)
  /// Raw IP as DLT_RAW of most systems.
  public static let rawDLT = LinkType(rawValue: 12)
  /// Raw IP as DLT_RAW of OpenBSD.
  public static let rawOpenBSD = LinkType(rawValue: 14)
  /// PPP in HDLC-like framing (RFC 1662), or Cisco HDLC.
  public static let pppHDLC = LinkType(rawValue: 50)
  /// A PPPoE session header (RFC 2516) without the Ethernet header.
  public static let pppoe = LinkType(rawValue: 51)
  /// ATM with LLC (RFC 2684).
  public static let atm = LinkType(rawValue: 100)
  /// Raw IP, version by the first four bits.
  public static let raw = LinkType(rawValue: 101)
  /// Cisco HDLC.
  public static let ciscoHDLC = LinkType(rawValue: 104)
  /// IEEE 802.11.
  public static let wireless = LinkType(rawValue: 105)
  /// Frame Relay (RFC 2427).
  public static let frameRelay = LinkType(rawValue: 107)
  /// OpenBSD loopback: address family in network byte order.
  public static let loop = LinkType(rawValue: 108)
  /// Linux cooked capture, version 1 (`-i any`).
  public static let linuxCooked = LinkType(rawValue: 113)
  /// Log of OpenBSD's packet filter.
  public static let filterLog = LinkType(rawValue: 117)
  /// IEEE 802.11 behind a Prism header.
  public static let prism = LinkType(rawValue: 119)
  /// IEEE 802.11 behind a radiotap header.
  public static let radiotap = LinkType(rawValue: 127)
  /// IEEE 802.11 behind an AVS header.
  public static let avs = LinkType(rawValue: 163)
  /// Any link type behind a PPI header, most often IEEE 802.11.
  public static let ppi = LinkType(rawValue: 192)
  /// PPP behind a byte that tells the direction.
  public static let pppWithDirection = LinkType(rawValue: 204)
  /// Raw IPv4.
  public static let ipv4 = LinkType(rawValue: 228)
  /// Raw IPv6.
  public static let ipv6 = LinkType(rawValue: 229)
  /// Log of Linux netfilter.
  public static let netfilterLog = LinkType(rawValue: 239)
  /// IP over InfiniBand.
  public static let ipOverInfiniband = LinkType(rawValue: 242)
  /// Any link type behind a header of macOS.
  public static let pktap = LinkType(rawValue: 258)
  /// Linux cooked capture, version 2 (`-i any`).
  public static let linuxCooked2 = LinkType(rawValue: 276)
  /// Ethernet with a switch tag of Broadcom behind the addresses.
  public static let broadcomTag = LinkType(rawValue: 281)
  /// Ethernet behind a switch tag of Broadcom.
  public static let leadingBroadcomTag = LinkType(rawValue: 282)
  /// Ethernet with a switch tag of Marvell (DSA) behind the addresses.
  public static let dsaTag = LinkType(rawValue: 284)
  /// Ethernet with a switch tag of Marvell that has an EtherType (EDSA) behind the addresses.
  public static let ethertypeDSATag = LinkType(rawValue: 285)

  /// The name that libpcap gives it, as "EN10MB", or "LINKTYPE 147".
  public var name: String {
    switch rawValue {
    case 0: "NULL"
    case 1: "EN10MB"
    case 6: "IEEE802"
    case 9: "PPP"
    case 10: "FDDI"
    case 12, 14, 101: "RAW"
    case 50: "PPP_SERIAL"
    case 51: "PPP_ETHER"
    case 100: "ATM_RFC1483"
    case 104: "C_HDLC"
    case 105: "IEEE802_11"
    case 107: "FRELAY"
    case 108: "LOOP"
    case 113: "LINUX_SLL"
    case 117: "PFLOG"
    case 119: "PRISM_HEADER"
    case 127: "IEEE802_11_RADIO"
    case 163: "IEEE802_11_RADIO_AVS"
    case 192: "PPI"
    case 204: "PPP_WITH_DIR"
    case 228: "IPV4"
    case 229: "IPV6"
    case 239: "NFLOG"
    case 242: "IPOIB"
    case 258: "PKTAP"
    case 276: "LINUX_SLL2"
    case 281: "DSA_TAG_BRCM"
    case 282: "DSA_TAG_BRCM_PREPEND"
    case 284: "DSA_TAG_DSA"
    case 285: "DSA_TAG_EDSA"
    default: "LINKTYPE \(rawValue)"
    }
  }
}

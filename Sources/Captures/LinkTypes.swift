import CPcap

/// What libpcap knows of the link types of capture files (`LINKTYPE_…`).
enum LinkTypes {
  /// Frames of Linux's "any" device with the number of their interface.
  static let linuxSLL2: Int32 = 276

  /// libpcap's name of a link type, such as `EN10MB`, or `LINKTYPE 160` where it has none.
  static func name(_ linkType: Int32) -> String {
    guard let name = unsafe pcap_datalink_val_to_name(dlt(linkType)) else { return "LINKTYPE \(linkType)" }
    return unsafe String(cString: name)
  }

  /// The number that libpcap has for it in memory (`DLT_…`), which differs for a few old ones.
  static func dlt(_ linkType: Int32) -> Int32 {
    switch linkType {
    case 100: DLT_ATM_RFC1483
    case 101: DLT_RAW
    case 102: DLT_SLIP_BSDOS
    case 103: DLT_PPP_BSDOS
    case 106: DLT_ATM_CLIP
    default: linkType
    }
  }

  /// The most bytes that a packet may have, by libpcap: a record that claims more is damaged.
  static func longestPacket(_ linkType: Int32) -> Int {
    switch dlt(linkType) {
    case DLT_DBUS, DLT_USB_LINUX, DLT_USB_LINUX_MMAPPED, DLT_USBPCAP, DLT_USB_DARWIN: 128 << 20
    case DLT_EBHSCR: 8 << 20
    default: 262_144
    }
  }
}

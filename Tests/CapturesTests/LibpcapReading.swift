import CPcap

/// What libpcap reads of a file: the yardstick.
struct LibpcapReading {
  var frames: [ReadCapture.Frame] = []
  var linkTypeName = ""
  /// Whether libpcap read to the end of the file.
  var isWhole = false
  /// Why libpcap refused the file, or stopped.
  var message = ""

  init(path: String) {
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    let precision = UInt32(PCAP_TSTAMP_PRECISION_NANO)
    guard let handle = pcap_open_offline_with_tstamp_precision(path, precision, &text) else {
      message = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      return
    }
    defer { pcap_close(handle) }
    let linkType = pcap_datalink(handle)
    linkTypeName = pcap_datalink_val_to_name(linkType).map { String(cString: $0) } ?? "LINKTYPE \(linkType)"
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var data: UnsafePointer<UInt8>?
    var code = pcap_next_ex(handle, &header, &data)
    while code == 1, let packet = header?.pointee {
      let captured = Int(packet.caplen)
      frames.append(
        ReadCapture.Frame(
          timeNS: Self.nanoseconds(packet.ts), wireLength: max(captured, Int(packet.len)), number: 0,
          bytes: Array(UnsafeBufferPointer(start: data, count: captured))))
      code = pcap_next_ex(handle, &header, &data)
    }
    isWhole = code == PCAP_ERROR_BREAK
    if !isWhole { message = String(cString: pcap_geterr(handle)) }
  }

  /// libpcap keeps nanoseconds in `tv_usec` when asked for them, and takes the seconds of pcap files as signed.
  private static func nanoseconds(_ time: timeval) -> Int64 {
    let seconds = time.tv_sec < 0 ? Int64(UInt32(truncatingIfNeeded: time.tv_sec)) : Int64(time.tv_sec)
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max : whole + Int64(time.tv_usec)
  }
}

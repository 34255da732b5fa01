import CPcap

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One open capture file, pcap or pcapng, read once from its start to its end.
///
/// Frames are handed out in batches, so that the caller can say how far it is:
///
///     var reader = try CaptureReader(path: "fw1-in.pcap")
///     var state = ReadState.more
///     while state == .more {
///       state = reader.readFrames(limit: 10_000) { timeNS, wireLength, frame, bytes in … }
///       progress.report(reader.bytesRead)
///     }
///
/// A file that is cut or damaged is no error: what stands before the damage is handed out, and the last state says
/// where reading stopped. Not for two threads at once.
@safe public struct CaptureReader: ~Copyable {
  /// libpcap's number of the link type (`DLT_…`), which for raw IP is not the number in the file (`LINKTYPE_…`).
  public let linkType: Int32
  /// libpcap's name of the link type, such as `EN10MB`, or `DLT 160` where it has none.
  public let linkTypeName: String
  /// Bytes of a packet that the capture kept at most; libpcap's maximum where the file says 0 or nonsense.
  public let snapLength: Int
  /// Bytes; `nil` for a pipe.
  public let fileSize: Int64?
  /// Time of the first record, in nanoseconds since the Unix epoch; `nil` if none can be read.
  public let firstTimeNS: Int64?
  /// Records read so far, those that the filter rejected included: the number of the last frame.
  public private(set) var framesRead = 0
  /// Records that the filter rejected so far.
  public private(set) var framesRejected = 0

  private let handle: OpaquePointer
  private let filter: UnsafeMutablePointer<bpf_program>?
  /// pcap keeps seconds in 32 bits, which libpcap takes as signed: times after 2038 come out negative.
  private let secondsWrap: Bool
  private var header: UnsafeMutablePointer<pcap_pkthdr>?
  private var data: UnsafePointer<UInt8>?
  /// What libpcap said to a read whose record is not yet handed out.
  private var ahead: Int32?
  private var state = ReadState.more
  /// A place to come back to if a later record turns out to be damaged.
  private var anchor: (offset: Int, framesBefore: Int)

  /// Opens a capture and reads ahead to its first record.
  ///
  /// `filter` is an expression in pcap-filter syntax; the frames it rejects are counted, not handed out.
  ///
  /// - Throws: `CaptureError` if the file cannot be opened, is not a capture, or the filter is not valid for it.
  public init(path: String, filter expression: String? = nil) throws(CaptureError) {
    let open = try unsafe OpenCapture(path: path, filter: expression)
    unsafe handle = open.handle
    unsafe filter = open.filter
    unsafe header = open.header
    unsafe data = open.data
    unsafe ahead = open.firstCode
    unsafe anchor = (open.firstOffset, 0)
    unsafe secondsWrap = open.kind == .pcap
    unsafe fileSize = open.size
    unsafe linkType = pcap_datalink(open.handle)
    linkTypeName = Self.name(ofLinkType: linkType)
    snapLength = unsafe Int(pcap_snapshot(open.handle))
    if unsafe open.firstCode == 1, let header = unsafe open.header {
      firstTimeNS = unsafe Self.nanoseconds(header.pointee.ts, secondsWrap)
    } else {
      firstTimeNS = nil
    }
  }

  deinit {
    if let filter = unsafe filter { unsafe OpenCapture.free(filter) }
    unsafe pcap_close(handle)
  }

  /// Bytes of the file that are read so far, buffered ones included only as they are used; 0 for a pipe.
  public var bytesRead: Int64 { unsafe Int64(max(0, ftell(pcap_file(handle)))) }

  /// Reads up to `limit` records and hands those that pass the filter to `body`; says whether there are more.
  ///
  /// `body` gets the time in nanoseconds since the Unix epoch, the packet's length on the wire in bytes (never less
  /// than was captured), the frame number in the file from 1, and the captured bytes, valid during the call only.
  /// After `.end` or `.damaged` it stays with that.
  public mutating func readFrames(
    limit: Int, _ body: (_ timeNS: Int64, _ wireLength: Int, _ frame: Int, _ bytes: RawSpan) -> Void
  ) -> ReadState {
    guard state == .more else { return state }
    if ahead == nil { unsafe anchor = (ftell(pcap_file(handle)), framesRead) }
    var remaining = limit
    while remaining > 0 {
      let code: Int32
      if let known = ahead {
        code = known
        ahead = nil
      } else {
        code = unsafe pcap_next_ex(handle, &header, &data)
      }
      guard code == 1, let header = unsafe header, let data = unsafe data else {
        state = code == PCAP_ERROR_BREAK ? .end : .damaged(damage())
        return state
      }
      remaining -= 1
      framesRead += 1
      if let filter = unsafe filter, unsafe pcap_offline_filter(filter, header, data) == 0 {
        framesRejected += 1
        continue
      }
      let captured = unsafe Int(header.pointee.caplen)
      let time = unsafe Self.nanoseconds(header.pointee.ts, secondsWrap)
      // libpcap's buffer holds `caplen` bytes until its next read.
      let bytes = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: data, count: captured))
      unsafe body(time, max(captured, Int(header.pointee.len)), framesRead, bytes)
    }
    return .more
  }
}

extension CaptureReader {
  private static func name(ofLinkType number: Int32) -> String {
    guard let name = unsafe pcap_datalink_val_to_name(number) else { return "DLT \(number)" }
    return unsafe String(cString: name)
  }

  private static func nanoseconds(_ time: timeval, _ secondsWrap: Bool) -> Int64 {
    let seconds = secondsWrap ? Int64(UInt32(truncatingIfNeeded: time.tv_sec)) : Int64(time.tv_sec)
    // With nanosecond precision libpcap puts nanoseconds into `tv_usec`.
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carried) = whole.addingReportingOverflow(Int64(time.tv_usec))
    // pcapng has room for times beyond the year 2262, which only a damaged file can claim.
    return overflow || carried ? (seconds < 0 ? .min : .max) : sum
  }

  private func damage() -> CaptureDamage {
    // The cause first: looking for the place reads again, and libpcap forgets.
    let cause = unsafe CaptureDamage.Cause(lastErrorOf: handle)
    return CaptureDamage(byteOffset: endOfLastRecord(), frame: framesRead + 1, cause: cause)
  }

  /// Reads again from the anchor to find where the last whole record ends.
  ///
  /// Asking for the position before each record would cost more than reading it.
  private func endOfLastRecord() -> Int64? {
    let stream = unsafe pcap_file(handle)
    guard anchor.offset >= 0, unsafe fseek(stream, anchor.offset, SEEK_SET) == 0 else { return nil }
    var again: UnsafeMutablePointer<pcap_pkthdr>?
    var bytes: UnsafePointer<UInt8>?
    for _ in anchor.framesBefore..<framesRead {
      guard unsafe pcap_next_ex(handle, &again, &bytes) == 1 else { return nil }
    }
    return unsafe Int64(ftell(stream))
  }
}

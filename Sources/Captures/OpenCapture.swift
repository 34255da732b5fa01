import CPcap

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A capture that libpcap has opened and read ahead in by one record.
///
/// Whoever holds it closes and frees it. A step of its own because a noncopyable value cannot throw half-way through its initialiser.
@unsafe struct OpenCapture {
  let handle: OpaquePointer
  let filter: UnsafeMutablePointer<bpf_program>?
  /// What the file looks like; `.empty` for a pipe, which cannot be looked at.
  let kind: FileKind
  let size: Int64?
  /// Where the first record starts, in bytes; -1 for a pipe.
  let firstOffset: Int
  /// What `pcap_next_ex` said of the first record, and where it put it.
  let firstCode: Int32
  let header: UnsafeMutablePointer<pcap_pkthdr>?
  let data: UnsafePointer<UInt8>?

  init(path: String, filter expression: String?) throws(CaptureError) {
    let file = try unsafe OpenFile.open(path)
    let kind = unsafe FileKind(prefix: file.prefix)
    let handle = try unsafe Self.openHandle(file, kind)
    var program: UnsafeMutablePointer<bpf_program>?
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var data: UnsafePointer<UInt8>?
    do throws(CaptureError) {
      if let expression { unsafe program = try Self.compile(expression, handle) }
      unsafe firstOffset = ftell(pcap_file(handle))
      unsafe firstCode = pcap_next_ex(handle, &header, &data)
      if unsafe firstCode == PCAP_ERROR,
        case .interfacesDiffer(let difference) = unsafe CaptureDamage.Cause(lastErrorOf: handle)
      {
        throw .interfacesDiffer(difference)
      }
    } catch {
      if let program = unsafe program { unsafe Self.free(program) }
      unsafe pcap_close(handle)
      throw error
    }
    unsafe self.handle = handle
    unsafe self.filter = program
    unsafe self.kind = kind
    unsafe self.size = file.size
    unsafe self.header = header
    unsafe self.data = data
  }

  static func free(_ program: UnsafeMutablePointer<bpf_program>) {
    unsafe pcap_freecode(program)
    unsafe program.deallocate()
  }

  /// Hands the stream over to libpcap, or closes it.
  private static func openHandle(_ file: OpenFile, _ kind: FileKind) throws(CaptureError) -> OpaquePointer {
    do throws(CaptureError) {
      let seekable = unsafe file.size != nil
      if seekable, !kind.isCapture { throw .notACapture(kind) }
      var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
      let precision = UInt32(PCAP_TSTAMP_PRECISION_NANO)
      if let handle = unsafe pcap_fopen_offline_with_tstamp_precision(file.stream, precision, &message) {
        return unsafe handle
      }
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      let refused = CaptureError.refused(message: String(decoding: text, as: UTF8.self))
      guard seekable else { throw refused }
      guard let header = unsafe CaptureHeader(kind, prefix: file.prefix) else {
        throw .headerCut(length: unsafe file.prefix.count)
      }
      throw header.isSupported(kind) ? refused : .unsupportedVersion(major: header.major, minor: header.minor)
    } catch {
      unsafe _ = fclose(file.stream)
      throw error
    }
  }

  private static func compile(
    _ expression: String, _ handle: OpaquePointer
  ) throws(CaptureError) -> UnsafeMutablePointer<bpf_program> {
    let program = UnsafeMutablePointer<bpf_program>.allocate(capacity: 1)
    // No interface, so no netmask: only `ip broadcast` needs one, and libpcap says so.
    let netmaskUnknown: UInt32 = 0xFFFF_FFFF
    guard unsafe pcap_compile(handle, program, expression, 1, netmaskUnknown) == 0 else {
      let message = unsafe String(cString: pcap_geterr(handle))
      unsafe program.deallocate()
      throw .badFilter(message: message)
    }
    return unsafe program
  }
}

extension CaptureDamage.Cause {
  /// What the last failed read of this handle tells.
  init(lastErrorOf handle: OpaquePointer) {
    let message = unsafe String(cString: pcap_geterr(handle))
    if unsafe feof(pcap_file(handle)) != 0 {
      self = .cut
    } else if message.contains("different from the type of the first") {
      self = .interfacesDiffer(.linkType)
    } else if message.contains("different from the snapshot length of the first") {
      self = .interfacesDiffer(.snapLength)
    } else {
      self = .malformed(message: message)
    }
  }
}

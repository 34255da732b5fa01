import CPcap

/// A filter in pcap-filter syntax, compiled by libpcap for one link type.
@safe final class PacketFilter {
  /// Why a filter is not valid; with libpcap's message.
  struct Invalid: Error {
    var message: String
  }

  private let program = UnsafeMutablePointer<bpf_program>.allocate(capacity: 1)
  private var header = pcap_pkthdr()

  init(_ expression: String, linkType: Int32) throws(Invalid) {
    // Empty, as `deinit` also frees what was never compiled.
    unsafe program.initialize(to: bpf_program())
    guard let handle = unsafe pcap_open_dead(LinkTypes.dlt(linkType), Int32(LinkTypes.longestPacket(linkType))) else {
      throw Invalid(message: "no memory")
    }
    defer { unsafe pcap_close(handle) }
    // No interface, so no netmask: only `ip broadcast` needs one, and libpcap says so.
    let netmaskUnknown: UInt32 = 0xFFFF_FFFF
    guard unsafe pcap_compile(handle, program, expression, 1, netmaskUnknown) == 0 else {
      throw Invalid(message: unsafe String(cString: pcap_geterr(handle)))
    }
  }

  deinit {
    unsafe pcap_freecode(program)
    unsafe program.deallocate()
  }

  /// Whether the packet passes.
  func accepts(_ bytes: UnsafeRawBufferPointer, wireLength: Int) -> Bool {
    header.caplen = UInt32(truncatingIfNeeded: bytes.count)
    header.len = UInt32(truncatingIfNeeded: wireLength)
    return unsafe pcap_offline_filter(program, &header, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)) != 0
  }
}

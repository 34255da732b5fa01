extension DecodedPacket {
  /// Reads the packet that an ICMP error quotes; false if not even its addresses are there.
  mutating func readQuote(_ bytes: RawSpan, at offset: Int, v6: Bool) -> Bool {
    v6 ? readQuotedIPv6(bytes, at: offset) : readQuotedIPv4(bytes, at: offset)
  }

  private mutating func readQuotedIPv4(_ bytes: RawSpan, at offset: Int) -> Bool {
    guard let header = IPv4Header(bytes, at: offset) else { return false }
    quotedTransport = header.protocolNumber
    quotedSource.address = IPAddress(v4: header.source)
    quotedDestination.address = IPAddress(v4: header.destination)
    if header.fragment != .later { readQuotedTransport(bytes, at: offset + header.length) }
    return true
  }

  private mutating func readQuotedIPv6(_ bytes: RawSpan, at offset: Int) -> Bool {
    guard let header = IPv6Header(bytes, at: offset) else { return false }
    quotedTransport = header.nextHeader
    quotedSource.address = header.source
    quotedDestination.address = header.destination
    let behind = offset + IPv6Header.length
    if let chain = IPv6ExtensionHeaders(bytes, at: behind, nextHeader: header.nextHeader) {
      quotedTransport = chain.nextHeader
      if chain.position != .later { readQuotedTransport(bytes, at: chain.end) }
    }
    return true
  }

  /// Ports, or the identifier of an echo, and the sequence number of TCP: a quote may hold no more than eight bytes.
  private mutating func readQuotedTransport(_ bytes: RawSpan, at offset: Int) {
    switch quotedTransport {
    case TransportProtocol.tcp, TransportProtocol.udp:
      guard bytes.holds(4, at: offset) else { return }
      quotedSource.port = bytes.big16(at: offset)
      quotedDestination.port = bytes.big16(at: offset + 2)
      guard quotedTransport == TransportProtocol.tcp, bytes.holds(8, at: offset) else { return }
      record.sequence = bytes.big32(at: offset + 4)
    case TransportProtocol.icmp, TransportProtocol.icmpV6:
      let v6 = quotedTransport == TransportProtocol.icmpV6
      guard let echo = ICMPHeader(bytes, at: offset), ICMPHeader.isEcho(echo.type, v6: v6) else { return }
      quotedSource.port = echo.identifier
      quotedDestination.port = echo.identifier
    default: break
    }
  }
}

/// An IPv4 or IPv6 address in 16 bytes; IPv4 is held as IPv4-mapped IPv6 (RFC 4291, 2.5.5.2).
public struct IPAddress: BitwiseCopyable, Sendable, Hashable {
  /// The upper eight bytes, in host order.
  public var high: UInt64
  /// The lower eight bytes, in host order.
  public var low: UInt64

  /// An IPv6 address from its two halves in host order.
  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// An IPv4 address from its four bytes in host order: `0x0A010001` is 10.1.0.1.
  @inlinable
  public init(v4: UInt32) {
    high = 0
    low = 0xFFFF_0000_0000 | UInt64(v4)
  }

  /// Whether two addresses are the same.
  @inlinable
  public static func == (left: IPAddress, right: IPAddress) -> Bool { left.low == right.low && left.high == right.high }

  /// Whether this is an IPv4 address.
  @inlinable
  public var isV4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// Whether this is a group or broadcast address: 224.0.0.0/4, 255.255.255.255 or ff00::/8.
  @inlinable public var isMulticast: Bool {
    isV4 ? (low & 0xF000_0000) == 0xE000_0000 || (low & 0xFFFF_FFFF) == 0xFFFF_FFFF : high >> 56 == 0xFF
  }
}

extension IPAddress {
  /// Whether packets from or to it stay on one link: multicast, broadcast, link-local (RFC 3927, RFC 4291) and unspecified.
  @inlinable public var staysOnLink: Bool {
    if isMulticast || (high == 0 && low == 0) { return true }
    return isV4 ? low & 0xFFFF_0000 == 0xA9FE_0000 || low & 0xFFFF_FFFF == 0 : high >> 54 == 0xFE80 >> 6
  }
}

extension IPAddress {
  /// Whether packets from or to it do not leave their host: 127.0.0.0/8 and ::1 (RFC 1122, RFC 4291).
  public var isLoopback: Bool { isV4 ? low & 0xFF00_0000 == 0x7F00_0000 : high == 0 && low == 1 }
}

extension IPAddress: Comparable {
  /// By number, IPv4 as its mapped form.
  public static func < (left: IPAddress, right: IPAddress) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

/// An address and a port; the port of an ICMP echo is its identifier, of other protocols 0.
public struct Endpoint: BitwiseCopyable, Sendable, Hashable {
  /// The address.
  public var address: IPAddress
  /// The port.
  public var port: UInt16

  /// The endpoint of these two.
  @inlinable
  public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// Whether address and port are the same.
  @inlinable
  public static func == (left: Endpoint, right: Endpoint) -> Bool {
    left.address == right.address && left.port == right.port
  }
}

/// The numbers of the protocols that are followed (IANA protocol numbers).
public enum TransportProtocol {
  /// ICMP for IPv4.
  public static let icmp: UInt8 = 1
  /// TCP.
  public static let tcp: UInt8 = 6
  /// UDP.
  public static let udp: UInt8 = 17
  /// ICMP for IPv6.
  public static let icmpV6: UInt8 = 58
}

public import Packets

extension IPAddress: ExpressibleByStringLiteral {
  /// An address as "10.0.0.1" or "2001:db8::1"; anything else stops the test.
  public init(stringLiteral text: String) {
    guard let address = IPAddress(parsing: text) else { preconditionFailure("'\(text)' is not an IP address") }
    self = address
  }

  /// The address that this text names, in dotted quad or in any form of RFC 4291 but for an embedded IPv4 address.
  public init?(parsing text: some StringProtocol) {
    if !text.contains(":") {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
      guard parts.count == 4 else { return nil }
      var value: UInt32 = 0
      for part in parts {
        guard let part else { return nil }
        value = value << 8 | UInt32(part)
      }
      self.init(v4: value)
      return
    }
    let gap = text.firstRange(of: "::")
    let before = Self.groups(gap.map { text[..<$0.lowerBound] } ?? text[...])
    let after = Self.groups(gap.map { text[$0.upperBound...] } ?? "")
    guard let before, let after else { return nil }
    let missing = 8 - before.count - after.count
    guard gap == nil ? missing == 0 : missing >= 1 else { return nil }
    let all = before + Array(repeating: 0, count: missing) + after
    self.init(
      high: all[..<4].reduce(0) { $0 << 16 | UInt64($1) }, low: all[4...].reduce(0) { $0 << 16 | UInt64($1) })
  }

  private static func groups(_ text: some StringProtocol) -> [UInt16]? {
    if text.isEmpty { return [] }
    let groups = text.split(separator: ":", omittingEmptySubsequences: false).map { UInt16($0, radix: 16) }
    return groups.contains(nil) ? nil : groups.compactMap(\.self)
  }

  /// The bytes of the address in network order: 4 or 16.
  public var networkBytes: [UInt8] {
    var bytes: [UInt8] = []
    if isV4 {
      bytes.appendBig(UInt32(truncatingIfNeeded: low))
    } else {
      bytes.appendBig(high)
      bytes.appendBig(low)
    }
    return bytes
  }
}

extension Endpoint: ExpressibleByStringLiteral {
  /// An endpoint as "10.0.0.1:80", "[2001:db8::1]:443", or an address alone with port 0; anything else stops the test.
  public init(stringLiteral text: String) {
    guard let endpoint = Endpoint(parsing: text) else { preconditionFailure("'\(text)' is not an endpoint") }
    self = endpoint
  }

  /// The endpoint that this text names.
  public init?(parsing text: String) {
    if let address = IPAddress(parsing: text) {
      self.init(address: address, port: 0)
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    let name = text[..<colon]
    let isBracketed = name.hasPrefix("[") && name.hasSuffix("]")
    guard let address = IPAddress(parsing: isBracketed ? name.dropFirst().dropLast() : name) else { return nil }
    guard isBracketed != address.isV4 else { return nil }
    self.init(address: address, port: port)
  }
}

import Verdicts

/// The addresses that one end of a connection has along the path, each change once.
enum AddressChain {
  static func of(_ addresses: [String]) -> [String] {
    addresses.reduce(into: []) { chain, address in
      if chain.last != address { chain.append(address) }
    }
  }

  /// Whether a box changes an address or port of the connection.
  static func isTranslated(_ connection: ConnectionReport) -> Bool {
    of(connection.legs.map(\.client)).count > 1 || of(connection.legs.map(\.server)).count > 1
  }
}

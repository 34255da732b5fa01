/// What the names of two points let suppose of their order, where the traffic says nothing: −1 to 1, positive if the first
/// is nearer to the client.
enum NameOrder {
  /// The two sides of one box: `fw1-in` is before `fw1-out`.
  static func sides(_ one: String, _ other: String) -> Double? {
    for (near, far) in BoxSides.names + [("client", "server")] {
      if one.hasSuffix(near), other.hasSuffix(far), one.dropLast(near.count) == other.dropLast(far.count) { return 0.2 }
      if one.hasSuffix(far), other.hasSuffix(near), one.dropLast(far.count) == other.dropLast(near.count) {
        return -0.2
      }
    }
    return nil
  }

  /// People number boxes along the path: `fw1-out` is before `fw2-in`, `2_relay` before `10_server`.
  static func numbers(_ one: String, _ other: String) -> Double? {
    let common = zip(one, other).prefix { $0 == $1 && !$0.isNumber }.count
    let (left, right) = (number(one.dropFirst(common)), number(other.dropFirst(common)))
    guard let left, let right, left != right else { return nil }
    return left < right ? 0.15 : -0.15
  }

  private static func number(_ text: Substring) -> UInt64? { UInt64(text.prefix { $0.isNumber && $0.isASCII }) }
}

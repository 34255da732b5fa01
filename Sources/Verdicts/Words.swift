extension PathOrder.Source {
  /// The word of the report: `given` or `inferred`.
  public var word: String {
    switch self {
    case .given: "given"
    case .inferred: "inferred"
    }
  }
}

extension Event {
  /// The TCP flags by Wireshark's names and in its order, such as `SYN,ACK`; `nil` for other protocols.
  ///
  /// A segment without any flag is `<None>`, as Wireshark has it.
  public var flagNames: String? {
    guard let flags else { return nil }
    guard flags != 0 else { return "<None>" }
    var text = ""
    for (bit, name) in Self.namesOfFlags.enumerated() where flags & (1 << bit) != 0 {
      if !text.isEmpty { text += "," }
      text += name
    }
    return text
  }

  /// From the lowest bit up (RFC 9293 section 3.1).
  private static let namesOfFlags = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"]
}

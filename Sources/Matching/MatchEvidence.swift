/// The features by which connections at two points were found to be one, or packets to be the same.
public struct MatchEvidence: OptionSet, Sendable, Hashable {
  /// The bits.
  public var rawValue: UInt8
  /// The set with these bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Initial sequence numbers.
  public static let initialSequence = MatchEvidence(rawValue: 1 << 0)
  /// Sequence numbers of data.
  public static let sequence = MatchEvidence(rawValue: 1 << 1)
  /// TCP timestamps (RFC 7323).
  public static let timestamp = MatchEvidence(rawValue: 1 << 2)
  /// Digests of payloads.
  public static let payload = MatchEvidence(rawValue: 1 << 3)
  /// IPv4 identification, together with the length.
  public static let ipID = MatchEvidence(rawValue: 1 << 4)
  /// Addresses and ports, where nothing else is left.
  public static let addresses = MatchEvidence(rawValue: 1 << 5)

  /// All of them.
  public static let all: MatchEvidence = [.initialSequence, .sequence, .timestamp, .payload, .ipID, .addresses]

  /// The words of the report, in a fixed order.
  public var words: [String] {
    let all: [(MatchEvidence, String)] = [
      (.initialSequence, "isn"), (.ipID, "ip-id"), (.timestamp, "tcp-timestamp"), (.payload, "payload"),
      (.sequence, "sequence"), (.addresses, "addresses"),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }
}

/// How a box rewrote one field of one connection and direction on one segment.
public struct RewriteRule: Sendable, Equatable {
  /// The form of the change.
  public enum Form: UInt8, Sendable, Hashable, CaseIterable {
    /// The same number is added to every value (modulo the field's size).
    case constantOffset
    /// Every value becomes the same one, or one fixed value becomes another.
    case set
    /// The field is taken out.
    case strip
    /// Values downstream show no relation to those upstream.
    case random
    /// Some values change, by no constant rule.
    case varies

    /// The word of the report.
    public var word: String {
      switch self {
      case .constantOffset: "constant-offset"
      case .set: "set"
      case .strip: "strip"
      case .random: "random"
      case .varies: "varies"
      }
    }
  }

  /// Id of the connection.
  public var connection: Int
  /// Where.
  public var between: PointPair
  /// In which direction.
  public var direction: Direction
  /// The field by Wireshark's name, such as `ip.src`, `tcp.ack`, `tcp.options.mss_val`.
  public var field: String
  /// The form of the change.
  public var form: Form
  /// The constant of the rule, where it has one.
  public var value: FieldValue?
  /// Packets that it changed.
  public var packets: Int
  /// Whether it breaks the connection.
  public var harmful: Bool
  /// The first packet that shows it, upstream.
  public var firstUpstream: FrameReference
  /// The first packet that shows it, downstream.
  public var firstDownstream: FrameReference
  /// The field's value there upstream; `nil` where it is absent.
  public var before: FieldValue?
  /// The field's value there downstream; `nil` where it is absent.
  public var after: FieldValue?

  /// A rule with these facts.
  public init(
    connection: Int, between: PointPair, direction: Direction, field: String, form: Form, value: FieldValue?,
    packets: Int, harmful: Bool, firstUpstream: FrameReference, firstDownstream: FrameReference,
    before: FieldValue?, after: FieldValue?
  ) {
    self.connection = connection
    self.between = between
    self.direction = direction
    self.field = field
    self.form = form
    self.value = value
    self.packets = packets
    self.harmful = harmful
    self.firstUpstream = firstUpstream
    self.firstDownstream = firstDownstream
    self.before = before
    self.after = after
  }
}

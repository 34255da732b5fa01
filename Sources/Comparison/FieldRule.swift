public import Verdicts

/// How one field changes between two points, over all connections of which the same can be said.
public struct FieldRule: Sendable, Equatable {
  /// The direction.
  public var direction: Direction
  /// The field by Wireshark's name.
  public var field: String
  /// The form of the change over all boxes between the two points.
  public var form: RewriteRule.Form
  /// Whether it breaks connections.
  public var harmful: Bool
  /// Connections that it concerns.
  public var connections: Int { mappings.reduce(0) { $0 + $1.connections.count } }
  /// Packets that it changed: of each connection the most that one box changed.
  public var packets: Int { mappings.reduce(0) { $0 + $1.packets } }
  /// What becomes what, that of most packets first.
  public var mappings: [Mapping]

  /// One value that becomes another.
  public struct Mapping: Sendable, Equatable {
    /// The value at the point that is first in this direction; `nil` where it is absent.
    public var before: FieldValue?
    /// The value at the other one; `nil` where it is absent.
    public var after: FieldValue?
    /// What is added, for a constant offset.
    public var offset: FieldValue?
    /// Packets that it changed.
    public var packets: Int
    /// Ids of the connections.
    public var connections: [Int]
    /// The first packet that shows it, at its first box.
    public var firstUpstream: FrameReference
    /// The first packet that shows it, behind its last box.
    public var firstDownstream: FrameReference
  }
}

extension FieldRule {
  private struct Key: Hashable {
    var direction: Direction
    var field: String
    var form: RewriteRule.Form
  }
  /// One field of one connection and direction.
  private struct Thread: Hashable {
    var connection: Int
    var direction: Direction
    var field: String
  }

  /// The rules of a stretch, the harmful ones first, then by direction and field.
  static func all(_ rewrites: ReportList<RewriteRule>, between stretch: PointPair) -> [FieldRule] {
    var threads: [Thread: [RewriteRule]] = [:]
    var order: [Thread] = []
    for rule in rewrites where stretch.near <= rule.between.near && rule.between.far <= stretch.far {
      let thread = Thread(connection: rule.connection, direction: rule.direction, field: rule.field)
      if threads[thread] == nil { order.append(thread) }
      threads[thread, default: []].append(rule)
    }
    var rules: [Key: Collector] = [:]
    for thread in order {
      guard let whole = composed(threads[thread] ?? []) else { continue }
      let key = Key(direction: thread.direction, field: thread.field, form: whole.form)
      rules[key, default: Collector(key)].add(whole)
    }
    return rules.values.map(\.rule).sorted {
      ($0.harmful ? 0 : 1, $0.direction.rawValue, $0.field, $0.form.rawValue)
        < ($1.harmful ? 0 : 1, $1.direction.rawValue, $1.field, $1.form.rawValue)
    }
  }

  /// What several boxes in a row do to one field; `nil` if the last gives back what the first took.
  private static func composed(_ rules: [RewriteRule]) -> RewriteRule? {
    guard let direction = rules.first?.direction else { return nil }
    let onTheWay = rules.sorted {
      direction == .clientToServer ? $0.between < $1.between : $1.between < $0.between
    }
    guard var whole = onTheWay.first, let last = onTheWay.last, onTheWay.count > 1 else { return onTheWay.first }
    whole.after = last.after
    whole.firstDownstream = last.firstDownstream
    whole.packets = onTheWay.map(\.packets).max() ?? 0
    whole.harmful = onTheWay.contains(where: \.harmful)
    let forms = Set(onTheWay.map(\.form))
    let isChain = forms.count == 1 && Set(onTheWay.map(\.between)).count == onTheWay.count
    switch isChain ? whole.form : .varies {
    case .constantOffset:
      var sum = onTheWay.reduce(0) { $0 &+ offset($1) }
      // Sequence numbers wrap at 32 bits (RFC 9293, 3.4).
      if whole.field.hasPrefix("tcp.") { sum = Int64(UInt32(truncatingIfNeeded: sum)) }
      whole.value = .number(sum)
      return sum == 0 ? nil : whole
    case .set:
      whole.value = last.value
      return whole.before == whole.after ? nil : whole
    case let form:
      whole.form = form
      whole.value = nil
      return whole
    }
  }

  private static func offset(_ rule: RewriteRule) -> Int64 {
    if case .number(let offset)? = rule.value { offset } else { 0 }
  }

  /// Puts connections with the same change together.
  private struct Collector {
    private struct Values: Hashable {
      var before: FieldValue?
      var after: FieldValue?
      var offset: FieldValue?
    }
    private let key: Key
    private var harmful = false
    private var mappings: [Mapping] = []
    private var places: [Values: Int] = [:]

    init(_ key: Key) { self.key = key }

    mutating func add(_ change: RewriteRule) {
      harmful = harmful || change.harmful
      // Of what follows no rule, the first values are an example and nothing to tell connections apart by.
      let isSet = key.form == .set
      let values = Values(
        before: isSet ? change.before : nil, after: isSet ? change.after : nil,
        offset: key.form == .constantOffset ? change.value : nil)
      if let place = places[values] {
        mappings[place].packets += change.packets
        mappings[place].connections.append(change.connection)
        return
      }
      places[values] = mappings.count
      mappings.append(
        Mapping(
          before: change.before, after: change.after, offset: values.offset, packets: change.packets,
          connections: [change.connection], firstUpstream: change.firstUpstream,
          firstDownstream: change.firstDownstream))
    }

    /// The rule, with the change of most packets first.
    var rule: FieldRule {
      let sorted = mappings.sorted { ($1.packets, $0.connections.first ?? 0) < ($0.packets, $1.connections.first ?? 0) }
      return FieldRule(
        direction: key.direction, field: key.field, form: key.form, harmful: harmful, mappings: sorted)
    }
  }
}

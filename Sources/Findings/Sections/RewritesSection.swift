import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// The rules by which boxes rewrote packets, one for each connection, segment, direction and field.
enum RewritesSection {
  static func make(_ file: CaseFile) -> [RewriteRule] {
    let rewrites = file.tally.rewrites
    let mangled = mangled(file)
    // There may be a dozen for each connection: places in small keys are sorted, not the rules.
    var places: [Place] = []
    places.reserveCapacity(rewrites.count + mangled.count)
    for rewrite in rewrites {
      places.append(
        Place(
          file.connectionIDs[rewrite.group], rewrite.between, rewrite.direction, rewrite.field, index: places.count))
    }
    for (key, rule) in mangled {
      places.append(Place(rule.connection, key.between, key.direction, key.field, index: places.count))
    }
    places.sort()
    return places.map { place in
      let index = place.index - rewrites.count
      return index < 0 ? rule(of: rewrites[place.index], in: file) : mangled[index].rule
    }
  }

  /// Where a rule stands: by connection, segment, direction, name of the field; those equal in all of it as they came.
  private struct Place: Comparable {
    let connection: Int
    let between: PointPair
    let directionAndField: Int
    let index: Int

    private static let ranks: [Int] = {
      let names = Set(Field.allCases.map(\.name)).sorted()
      return Field.allCases.map { names.firstIndex(of: $0.name) ?? 0 }
    }()

    init(_ connection: Int, _ between: PointPair, _ direction: Direction, _ field: Field, index: Int) {
      self.connection = connection
      self.between = between
      directionAndField = Int(direction.rawValue) << 8 | Self.ranks[Int(field.rawValue)]
      self.index = index
    }

    static func < (left: Place, right: Place) -> Bool {
      (left.connection, left.between, left.directionAndField, left.index)
        < (right.connection, right.between, right.directionAndField, right.index)
    }
  }

  private static func rule(of rewrite: FieldRewrite, in file: CaseFile) -> RewriteRule {
    var (before, after) = (rewrite.before.map(FieldValue.number), rewrite.after.map(FieldValue.number))
    var form = form(of: rewrite)
    if let addresses = addresses(of: rewrite, in: file) {
      (before, after) = addresses
      form = .set
    }
    return RewriteRule(
      connection: file.connectionIDs[rewrite.group], between: rewrite.between, direction: rewrite.direction,
      field: rewrite.field.name, form: form,
      value: form == .constantOffset ? .number(rewrite.offset) : form == .set ? after : nil,
      packets: rewrite.packets, harmful: false, firstUpstream: file.frame(rewrite.upstream),
      firstDownstream: file.frame(rewrite.downstream), before: before, after: after)
  }

  private static func form(of rewrite: FieldRewrite) -> RewriteRule.Form {
    if rewrite.isStripped { return .strip }
    if rewrite.field == .sequence || rewrite.field == .acknowledgement {
      return rewrite.isConstantOffset ? .constantOffset : .varies
    }
    if rewrite.isSameAfter { return .set }
    if rewrite.packets > 1, rewrite.isConstantOffset { return .constantOffset }
    return rewrite.field == .ipID && rewrite.packets > 3 ? .random : .varies
  }

  /// The values of an address or port at the two points.
  private static func addresses(of rewrite: FieldRewrite, in file: CaseFile) -> (FieldValue?, FieldValue?)? {
    func value(_ position: Int) -> FieldValue? {
      let group = file.matched.groups[rewrite.group]
      let connection = file.matched.points[position].connections[Int(group.members[position])]
      let fromLocalClient = (rewrite.direction == .clientToServer) != group.flipped[position]
      let source = fromLocalClient ? connection.client : connection.server
      let destination = fromLocalClient ? connection.server : connection.client
      switch rewrite.field {
      case .sourceAddress: return .text(source.address.description)
      case .destinationAddress: return .text(destination.address.description)
      case .sourcePort: return .number(Int64(source.port))
      case .destinationPort: return .number(Int64(destination.port))
      default: return nil
      }
    }
    guard let before = value(rewrite.upstream.position), let after = value(rewrite.downstream.position)
    else { return nil }
    return (before, after)
  }

  /// One harmful rule for each connection, segment, direction and number that was mangled.
  private static func mangled(_ file: CaseFile) -> [(key: MangledKey, rule: RewriteRule)] {
    var rules: [MangledKey: RewriteRule] = [:]
    for event in file.tally.events where event.kind == .rewrite {
      guard let field = event.field, let upstream = event.upstream, let downstream = event.downstream
      else { continue }
      let key = MangledKey(
        group: event.group, between: event.between, direction: event.direction, field: field)
      if rules[key] != nil {
        rules[key]?.packets += 1
        continue
      }
      rules[key] = RewriteRule(
        connection: file.connectionIDs[event.group], between: event.between, direction: event.direction,
        field: field.name, form: .varies, value: nil, packets: 1, harmful: true,
        firstUpstream: file.frame(upstream), firstDownstream: file.frame(downstream),
        before: event.before.map(FieldValue.number), after: event.after.map(FieldValue.number))
    }
    return rules.map { ($0.key, $0.value) }
  }

  private struct MangledKey: Hashable {
    var group: Int
    var between: PointPair
    var direction: Direction
    var field: Field
  }
}

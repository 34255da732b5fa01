import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// The rules by which boxes rewrote packets, one for each connection, segment, direction and field.
enum RewritesSection {
  /// The rules, each of which is made when it is read: there may be a dozen for each connection.
  static func make(_ file: CaseFile) -> ReportList<RewriteRule> {
    let maker = RuleMaker(file, mangled: mangled(file))
    return ReportList(count: maker.order.count) { maker.rule(at: $0) }
  }

  /// One harmful rule for each connection, segment, direction and number that was mangled.
  private static func mangled(_ file: CaseFile) -> [MangledRewrite] {
    var places: [MangledKey: Int] = [:]
    var rules: [MangledRewrite] = []
    for event in file.tally.events where event.kind == .rewrite {
      guard let field = event.field, let upstream = event.upstream, let downstream = event.downstream
      else { continue }
      let key = MangledKey(
        group: event.group, between: event.between, direction: event.direction, field: field)
      if let place = places[key] {
        rules[place].rule.packets += 1
        continue
      }
      places[key] = rules.count
      let rule = RewriteRule(
        connection: file.connectionIDs[event.group], between: event.between, direction: event.direction,
        field: field.name, form: .varies, value: nil, packets: 1, harmful: true,
        firstUpstream: file.frame(upstream), firstDownstream: file.frame(downstream),
        before: event.before.map(FieldValue.number), after: event.after.map(FieldValue.number))
      rules.append(MangledRewrite(group: event.group, field: field, rule: rule))
    }
    return rules
  }

  private struct MangledKey: Hashable {
    var group: Int
    var between: PointPair
    var direction: Direction
    var field: Field
  }
}

/// A number that was mangled in packets of one connection, segment and direction.
private struct MangledRewrite {
  var group: Int
  var field: Field
  var rule: RewriteRule
}

/// Makes the rules one by one of what was found, in the order of the report.
private struct RuleMaker {
  private let rewrites: [FieldRewrite]
  private let mangled: [MangledRewrite]
  /// By connection, segment, direction and name of the field: places in `rewrites`, and behind these in `mangled`.
  let order: [UInt32]
  private let connectionIDs: [Int]
  private let groups: [ConnectionGroup]
  private let connections: [[PointConnection]]
  private let frames: FrameNumbers

  /// For each field, where its name stands among all names.
  private static let ranks: [UInt64] = {
    let names = Set(Field.allCases.map(\.name)).sorted()
    return Field.allCases.map { UInt64(names.firstIndex(of: $0.name) ?? 0) }
  }()

  init(_ file: CaseFile, mangled: [MangledRewrite]) {
    rewrites = file.tally.rewrites
    self.mangled = mangled
    connectionIDs = file.connectionIDs
    groups = file.matched.groups
    connections = file.matched.points.map(\.connections)
    frames = file.frames
    order = Self.order(file.tally.rewrites, mangled, file.connectionIDs)
  }

  /// A counting sort by connection, of which each has few rules, then by insertion.
  private static func order(
    _ rewrites: [FieldRewrite], _ mangled: [MangledRewrite], _ connectionIDs: [Int]
  ) -> [UInt32] {
    func id(_ index: Int) -> Int {
      connectionIDs[index < rewrites.count ? rewrites[index].group : mangled[index - rewrites.count].group]
    }
    func key(_ index: UInt32) -> UInt64 {
      let index = Int(index)
      if index < rewrites.count {
        let rewrite = rewrites[index]
        return key(rewrite.between, rewrite.direction, rewrite.field)
      }
      let one = mangled[index - rewrites.count]
      return key(one.rule.between, one.rule.direction, one.field)
    }
    func key(_ between: PointPair, _ direction: Direction, _ field: Field) -> UInt64 {
      UInt64(between.near) << 32 | UInt64(between.far) << 16 | UInt64(direction.rawValue) << 8
        | ranks[Int(field.rawValue)]
    }
    let count = rewrites.count + mangled.count
    var next = [UInt32](repeating: 0, count: (connectionIDs.max() ?? 0) + 2)
    for index in 0..<count { next[id(index) + 1] += 1 }
    for id in next.indices.dropLast() { next[id + 1] += next[id] }
    var order = [UInt32](repeating: 0, count: count)
    for index in 0..<count {
      let id = id(index)
      order[Int(next[id])] = UInt32(index)
      next[id] += 1
    }
    var first = 0
    for end in next where Int(end) > first {
      for place in first..<Int(end) {
        let (index, own) = (order[place], key(order[place]))
        var hole = place
        while hole > first, own < key(order[hole - 1]) {
          order[hole] = order[hole - 1]
          hole -= 1
        }
        order[hole] = index
      }
      first = Int(end)
    }
    return order
  }

  /// The rule that stands at a place of the report.
  func rule(at place: Int) -> RewriteRule {
    let index = Int(order[place])
    return index < rewrites.count ? rule(of: rewrites[index]) : mangled[index - rewrites.count].rule
  }

  private func rule(of rewrite: FieldRewrite) -> RewriteRule {
    var (before, after) = (rewrite.before.map(FieldValue.number), rewrite.after.map(FieldValue.number))
    var form = Self.form(of: rewrite)
    if let old = address(of: rewrite, at: rewrite.upstream.position),
      let new = address(of: rewrite, at: rewrite.downstream.position)
    {
      (before, after) = (old, new)
      form = .set
    }
    return RewriteRule(
      connection: connectionIDs[rewrite.group], between: rewrite.between, direction: rewrite.direction,
      field: rewrite.field.name, form: form,
      value: form == .constantOffset ? .number(rewrite.offset) : form == .set ? after : nil,
      packets: rewrite.packets, harmful: false, firstUpstream: frames[rewrite.upstream],
      firstDownstream: frames[rewrite.downstream], before: before, after: after)
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

  /// The value of an address or port at a point; `nil` for other fields.
  private func address(of rewrite: FieldRewrite, at position: Int) -> FieldValue? {
    let isOfSource: Bool
    switch rewrite.field {
    case .sourceAddress, .sourcePort: isOfSource = true
    case .destinationAddress, .destinationPort: isOfSource = false
    default: return nil
    }
    let member = Int(groups[rewrite.group].members[position])
    let fromLocalClient = (rewrite.direction == .clientToServer) != groups[rewrite.group].flipped[position]
    let end =
      fromLocalClient == isOfSource ? connections[position][member].client : connections[position][member].server
    let isAddress = rewrite.field == .sourceAddress || rewrite.field == .destinationAddress
    return isAddress ? .text(end.address.description) : .number(Int64(end.port))
  }
}

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
  private let translations: [AddressTranslation]
  private let rewrites: [FieldRewrite]
  private let mangled: [MangledRewrite]
  /// By connection, segment, direction and name of the field.
  let order: [Origin]
  private let connectionIDs: [Int]
  private let groups: [ConnectionGroup]
  private let points: [PointTraffic]
  private let frames: FrameNumbers

  init(_ file: CaseFile, mangled: [MangledRewrite]) {
    translations = file.tally.translations
    rewrites = file.tally.rewrites
    self.mangled = mangled
    connectionIDs = file.connectionIDs
    groups = file.matched.groups
    points = file.matched.points
    frames = file.frames
    order = Self.order(translations, rewrites, mangled, file.connectionIDs)
  }

  /// What a rule is made of: one of at most 500 million translations or of as many other changes.
  struct Origin {
    private var bits: UInt32 = 0

    /// A field of the translation with this index, which is an address or a port.
    init(translation index: Int, _ field: Field) { bits = UInt32(index * 8 + Int(field.rawValue)) }

    /// The change of another field, or the mangled number, with this index: the latter are numbered behind the former.
    init(other index: Int) { bits = UInt32(index * 8) | Self.isOther }

    private static let isOther: UInt32 = 4

    var index: Int { Int(bits >> 3) }
    /// The field of a translation.
    var field: Field? { bits & Self.isOther == 0 ? Field(rawValue: UInt8(bits & 3)) : nil }
  }

  /// For each field, where its name stands among all names.
  private static let ranks: [UInt64] = {
    let names = Set(Field.allCases.map(\.name)).sorted()
    return Field.allCases.map { UInt64(names.firstIndex(of: $0.name) ?? 0) }
  }()

  /// Addresses and ports, in the order of their names.
  private static let addressFields = AddressTranslation.Fields.each.sorted {
    ranks[Int($0.rawValue)] < ranks[Int($1.rawValue)]
  }

  /// A counting sort by connection, of which each has few rules, then by insertion.
  private static func order(
    _ translations: [AddressTranslation], _ rewrites: [FieldRewrite], _ mangled: [MangledRewrite],
    _ connectionIDs: [Int]
  ) -> [Origin] {
    let others = rewrites.count + mangled.count
    func id(other index: Int) -> Int {
      connectionIDs[index < rewrites.count ? rewrites[index].group : mangled[index - rewrites.count].group]
    }
    var next = [UInt32](repeating: 0, count: (connectionIDs.max() ?? 0) + 2)
    for translation in translations {
      next[connectionIDs[translation.group] + 1] += UInt32(translation.fields.count)
    }
    for index in 0..<others { next[id(other: index) + 1] += 1 }
    for id in next.indices.dropLast() { next[id + 1] += next[id] }
    var order = [Origin](repeating: Origin(other: 0), count: Int(next.last ?? 0))
    for (index, translation) in translations.enumerated() {
      let id = connectionIDs[translation.group]
      for field in addressFields where translation.fields.contains(.init(field)) {
        order[Int(next[id])] = Origin(translation: index, field)
        next[id] += 1
      }
    }
    for index in 0..<others {
      let id = id(other: index)
      order[Int(next[id])] = Origin(other: index)
      next[id] += 1
    }
    func key(_ origin: Origin) -> UInt64 {
      if let field = origin.field {
        let translation = translations[origin.index]
        return key(translation.between, translation.direction, field)
      }
      if origin.index < rewrites.count {
        let rewrite = rewrites[origin.index]
        return key(rewrite.between, rewrite.direction, rewrite.field)
      }
      let one = mangled[origin.index - rewrites.count]
      return key(one.rule.between, one.rule.direction, one.field)
    }
    func key(_ between: PointPair, _ direction: Direction, _ field: Field) -> UInt64 {
      UInt64(between.near) << 32 | UInt64(between.far) << 16 | UInt64(direction.rawValue) << 8
        | ranks[Int(field.rawValue)]
    }
    var keys: [UInt64] = []
    var first = 0
    for end in next where Int(end) > first {
      keys.removeAll(keepingCapacity: true)
      for place in first..<Int(end) {
        let (origin, own) = (order[place], key(order[place]))
        var hole = place
        keys.append(own)
        while hole > first, own < keys[hole - 1 - first] {
          order[hole] = order[hole - 1]
          keys[hole - first] = keys[hole - 1 - first]
          hole -= 1
        }
        order[hole] = origin
        keys[hole - first] = own
      }
      first = Int(end)
    }
    return order
  }

  /// The rule that stands at a place of the report.
  func rule(at place: Int) -> RewriteRule {
    let origin = order[place]
    if let field = origin.field { return rule(of: field, translations[origin.index]) }
    return origin.index < rewrites.count
      ? rule(of: rewrites[origin.index]) : mangled[origin.index - rewrites.count].rule
  }

  private func rule(of field: Field, _ translation: AddressTranslation) -> RewriteRule {
    let (upstream, downstream) = (translation.upstreamPosition, translation.downstreamPosition)
    let after = value(of: field, translation, at: downstream)
    return RewriteRule(
      connection: connectionIDs[translation.group], between: translation.between, direction: translation.direction,
      field: field.name, form: .set, value: after, packets: translation.packets, harmful: false,
      firstUpstream: frames[upstream, translation.upstreamFrame],
      firstDownstream: frames[downstream, translation.downstreamFrame],
      before: value(of: field, translation, at: upstream), after: after)
  }

  /// An address or port of a translated connection at one of the two points.
  private func value(of field: Field, _ translation: AddressTranslation, at position: Int) -> FieldValue {
    let isOfSource = field == .sourceAddress || field == .sourcePort
    let isAddress = field == .sourceAddress || field == .destinationAddress
    let member = Int(groups[translation.group].members[position])
    let fromLocalClient = (translation.direction == .clientToServer) != groups[translation.group].flipped[position]
    let end =
      fromLocalClient == isOfSource
      ? points[position].connections[member].client : points[position].connections[member].server
    return isAddress ? .text(end.address.description) : .number(Int64(end.port))
  }

  private func rule(of rewrite: FieldRewrite) -> RewriteRule {
    let (before, after) = (rewrite.before.map(FieldValue.number), rewrite.after.map(FieldValue.number))
    let form = Self.form(of: rewrite)
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
}

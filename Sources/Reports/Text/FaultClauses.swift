import Verdicts

/// Says what is at fault, where, and how sure that is.
///
///     fw1 (fw1-in → fw1-out) loses packets: 32 of 3,054 (1.0 %, 0.7–1.5 %), both directions.
struct FaultClauses {
  private static let placesNamed = 3

  private let view: ReportView

  init(_ view: ReportView) {
    self.view = view
  }

  /// One sentence about all faults, those of one place together.
  func sentence(_ faults: [Finding]) -> String {
    var places: [(subject: String, faults: [Finding])] = []
    for fault in faults {
      let subject = subject(fault)
      if let index = places.firstIndex(where: { $0.subject == subject }) {
        places[index].faults.append(fault)
      } else {
        places.append((subject, [fault]))
      }
    }
    let isOneFault = faults.count == 1
    let clauses = places.prefix(Self.placesNamed).map { place in
      var said: [String] = []
      for fault in place.faults {
        let deed = deed(fault, inFull: isOneFault)
        if !said.contains(deed) { said.append(deed) }
      }
      return place.subject + " " + list(said)
    }
    let more = places.count - clauses.count
    let text = clauses.joined(separator: "; ") + (more > 0 ? "; and faults at \(more) more" : "") + "."
    // The names of boxes stay as they are; only our own words begin with a capital.
    return text.hasPrefix("the ") ? "T" + text.dropFirst() : text
  }

  private func subject(_ fault: Finding) -> String {
    guard let pair = fault.between else { return fault.point.map { view.names[$0] } ?? "the path" }
    guard view.segment(pair)?.inside == nil else { return view.place(pair) }
    return "the path between \(view.names[pair.near]) and \(view.names[pair.far])"
  }

  private func deed(_ fault: Finding, inFull: Bool) -> String {
    guard let verb = Self.verbs[fault.kind] else { return "has a fault (\(fault.title))" }
    let hedge = fault.confidence >= 0.95 ? "" : fault.confidence >= 0.6 ? "probably " : "possibly "
    guard fault.kind == "loss" else { return hedge + verb }
    return hedge + verb + (inFull ? ": " + lossInFull(fault) : " (" + lossInShort(fault) + ")")
  }

  /// The ledgers that a finding is about, and the directions in which they have losses.
  private func ledger(_ fault: Finding) -> (SegmentLedger, [Direction])? {
    guard let pair = fault.between, let segment = view.segment(pair) else { return nil }
    let directions = (fault.direction.map { [$0] } ?? Direction.allCases).filter { segment[$0].lost > 0 }
    guard !directions.isEmpty else { return nil }
    var sum = SegmentLedger()
    for direction in fault.direction.map({ [$0] }) ?? Direction.allCases { sum.add(segment[direction]) }
    return (sum, directions)
  }

  private func lossInFull(_ fault: Finding) -> String {
    guard let (sum, directions) = ledger(fault), let ratio = sum.lossRatio, let interval = sum.lossInterval else {
      return Numbers.grouped(fault.packets) + (fault.direction.map { ", " + $0.words } ?? "")
    }
    return """
      \(Numbers.grouped(sum.lost)) of \(Numbers.grouped(sum.decided)) (\(Numbers.percent(ratio)), \
      \(Numbers.interval(interval))), \
      \(directions.count == 2 ? "both directions" : directions.map(\.words).joined())
      """
  }

  private func lossInShort(_ fault: Finding) -> String {
    guard let (sum, _) = ledger(fault), let ratio = sum.lossRatio else { return Numbers.grouped(fault.packets) }
    return "\(Numbers.grouped(sum.lost)) of \(Numbers.grouped(sum.decided)), \(Numbers.percent(ratio))"
  }

  private func list(_ items: [String]) -> String {
    guard let last = items.last, items.count > 1 else { return items.joined() }
    return items.dropLast().joined(separator: ", ") + " and " + last
  }

  private static let verbs = [
    "loss": "loses packets",
    "reorder": "reorders packets",
    "duplicate": "duplicates packets",
    "ack-mangled": "mangles acknowledgement numbers",
    "seq-mangled": "mangles sequence numbers",
    "sack-not-translated": "leaves SACK blocks untranslated",
    "payload-rewritten": "rewrites payload",
    "corrupted": "corrupts packets", "shortened": "cuts the ends of packets off",
    "rst-injected": "injects RSTs", "connection-refused": "refuses connections",
    "pmtu-blackhole": "swallows packets above its MTU",
    "nat-leak": "lets packets through untranslated",
  ]
}

import Verdicts

/// What is said of frames, in words for the comments of a capture.
struct FrameComments {
  private(set) var byFrame: [FrameReference: [String]] = [:]
  private let report: AnalysisReport

  init(_ report: AnalysisReport) { self.report = report }

  /// The verdict of an event, on the frames that it names.
  mutating func add(_ event: Event, number: Int) {
    let change = event.field.map { " (\($0) \(Self.value(event.before)) → \(Self.value(event.after)))" } ?? ""
    let because = event.evidence.isEmpty ? "" : ". " + event.evidence.joined(separator: "; ")
    let end = "\(change), \(Self.percent(event.confidence)) sure\(because)"
    if let frame = event.upstream {
      byFrame[frame, default: []].append("\(event.kind.word), event \(number): \(upstream(event))\(end)")
    }
    if let frame = event.downstream {
      byFrame[frame, default: []].append("\(event.kind.word), event \(number): \(downstream(event))\(end)")
    }
  }

  /// What each piece of evidence of a finding says.
  mutating func add(_ finding: Finding, number: Int) {
    for evidence in finding.evidence {
      byFrame[evidence.frame, default: []].append("finding \(number), \(finding.kind): \(evidence.says)")
    }
  }

  /// How a box rewrote a field, on the first packet that shows it.
  mutating func add(_ rule: RewriteRule) {
    let change = "\(rule.field) \(Self.value(rule.before)) → \(Self.value(rule.after)) (\(rule.form.word))"
    let near = name(rule.between.upstream(rule.direction))
    let far = name(rule.between.downstream(rule.direction))
    byFrame[rule.firstUpstream, default: []].append("rewritten between here and \(far): \(change)")
    byFrame[rule.firstDownstream, default: []].append("rewritten between \(near) and here: \(change)")
  }

  private func upstream(_ event: Event) -> String {
    let far = name(event.between.downstream(event.direction))
    return switch event.kind {
    case .drop: "sent here, never at \(far): lost between \(stretch(event))"
    case .notCaptured:
      "the capture at \(event.point.map(name) ?? far) lacks this packet, which passed there all the same"
    case .reorder: "overtaken before \(far)"
    case .duplicate: "sent once, at \(far) more than once"
    case .corrupt: "corrupted between here and \(far): its checksum no longer holds there"
    case .inject: "first seen between \(stretch(event))"
    case .rewrite: "changed between here and \(far)"
    }
  }

  private func downstream(_ event: Event) -> String {
    let near = name(event.between.upstream(event.direction))
    return switch event.kind {
    case .drop: "lost between \(stretch(event))"
    case .notCaptured:
      "the capture at \(event.point.map(name) ?? near) lacks this packet, which passed there all the same"
    case .reorder: "late: it left \(near) before a packet that arrived here earlier"
    case .duplicate: "a further copy: \(near) has it once less"
    case .corrupt: "corrupted between \(near) and here: its checksum does not hold"
    case .inject: "injected: \(near) never saw it"
    case .rewrite: "changed between \(near) and here"
    }
  }

  private func stretch(_ event: Event) -> String { "\(name(event.between.near)) and \(name(event.between.far))" }
  private func name(_ position: Int) -> String { report.points[position].name }

  private static func value(_ value: FieldValue?) -> String {
    switch value {
    case .number(let number): String(number)
    case .text(let text): text
    case nil: "absent"
    }
  }

  private static func percent(_ share: Double) -> String {
    share.isFinite ? "\(Int(max(0, min(1, share)) * 100 + 0.000_001)) %" : "0 %"
  }
}

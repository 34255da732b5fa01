import Verdicts

/// Wireshark's words at each point: how many are true, and what those that mislead really were.
enum WordsText {
  private static let framesShown = 2

  static func lines(_ words: FlagWords, _ view: ReportView) -> [Line] {
    let rows = words.points.enumerated().flatMap { position, point in
      point.counts.filter(\.word.isJudged).map { Row(point: position, count: $0) }
    }
    var lines = view.heading("WIRESHARK'S WORDS", "frames of which it says so, and what the other points tell of them")
    if rows.isEmpty {
      lines.append(Line("  Wireshark says nothing of these connections that other points could judge.", .faint))
    } else {
      lines += table(rows, view)
    }
    if words.connectionsNotFollowed > 0 {
      let count = Numbers.count(words.connectionsNotFollowed, "connection")
      lines += indented("\(count) of too many packets not followed for this; their words are undecided", view)
    }
    return lines + misleading(rows, words, view)
  }

  private struct Row {
    let point: Int
    let count: FlagWords.Count
  }

  private static func table(_ rows: [Row], _ view: ReportView) -> [Line] {
    func column(
      _ title: [String], right: Bool = true, droppable: Int = 0, _ cell: (Row) -> Line
    ) -> ColumnLayout.Column {
      ColumnLayout.Column(
        title: title, name: title.joined(), right: right, droppable: droppable, cells: rows.map(cell))
    }
    func number(_ value: Int, _ style: ANSIStyle) -> Line {
      value == 0 ? Line("·", .faint) : Line(Numbers.grouped(value), style)
    }
    let layout = ColumnLayout(
      [
        column(["point"], right: false) { Line(view.names[$0.point]) },
        column(["Wireshark says"], right: false) { Line($0.count.word.name) },
        column(["said"]) { Line(Numbers.grouped($0.count.said)) },
        column(["true"]) { number($0.count.correct, .plain) },
        column(["misleading"]) { number($0.count.misleading, .warning) },
        column(["undecided"], droppable: 1) { number($0.count.undecided, .faint) },
        column(["what it was"], right: false, droppable: 2) { Line(causes($0.count), .faint) },
      ], width: view.width - 2)
    return layout.lines.map { $0.indented(2).clipped(to: view.width) }
  }

  /// `answers-loss 30, needless 4`.
  private static func causes(_ count: FlagWords.Count) -> String {
    count.causes.filter { $0.cause != .undecided }.map { "\($0.cause.word) \(Numbers.grouped($0.frames))" }
      .joined(separator: ", ")
  }

  private static func indented(_ text: String, _ view: ReportView) -> [Line] {
    Wrapping.lines(text, .faint, width: view.width - 2).map { $0.indented(2) }
  }

  /// Those of one point, word, cause and segment together.
  private static func misleading(_ rows: [Row], _ words: FlagWords, _ view: ReportView) -> [Line] {
    struct Group: Hashable {
      var point: Int
      var word: WiresharkWord
      var cause: FlagCause
      var between: PointPair?
    }
    var order: [Group] = []
    var members: [Group: [FlagWords.Word]] = [:]
    for word in words.words where word.verdict == .misleading {
      let group = Group(point: word.frame.point, word: word.word, cause: word.cause, between: word.between)
      if members[group] == nil { order.append(group) }
      members[group, default: []].append(word)
    }
    guard !order.isEmpty else { return [] }
    var lines = [Line.empty, Line("  Misleading:", .strong)]
    for group in order {
      let found = members[group] ?? []
      let place = group.between.map { " " + view.place($0) } ?? ""
      let text =
        "“\(group.word.name)” of \(Numbers.count(found.count, "frame")): \(group.cause.sentence(for: group.word))\(place)"
      let label = Line("  " + view.names[group.point] + "  ", .warning)
      lines += Wrapping.hanging(label, Wrapping.lines(text, width: view.width - label.width), column: label.width)
      for word in found.prefix(framesShown) {
        lines += Wrapping.lines(frame(word, view), .faint, width: view.width - 6).map { $0.indented(6) }
      }
      if found.count > framesShown {
        lines.append(Line("      … and \(Numbers.grouped(found.count - framesShown)) more (--format json)", .faint))
      }
    }
    if rows.reduce(0, { $0 + $1.count.misleading }) > members.values.reduce(0, { $0 + $1.count }) {
      lines += indented("Of each point and word the first ones; all are in the counts.", view)
    }
    return lines
  }

  /// `frame 72: fw1-in frame 46 is where it was seen last`.
  private static func frame(_ word: FlagWords.Word, _ view: ReportView) -> String {
    let proof = word.proof.map { "\(name($0.frame, view)) \($0.shows.sentence)" }.joined(separator: ", ")
    return name(word.frame, view) + (proof.isEmpty ? "" : ": " + proof)
  }

  private static func name(_ frame: FrameReference, _ view: ReportView) -> String {
    let file = view.names.hasSeveralFiles(frame.point) ? " of \(view.names.file(of: frame))" : ""
    return "\(view.names[frame.point]) frame \(frame.frame)\(file)"
  }
}

extension FlagCause {
  /// What a frame really was; a segment may follow.
  fileprivate func sentence(for word: WiresharkWord) -> String {
    let isGap = word == .lostSegment || word == .ackLostSegment
    return switch self {
    case .answersLoss: "sent again, after a loss at"
    case .answersCorruption: "sent again, as the bytes were corrupted at"
    case .repeated: "sent again; the bytes were on the wire before"
    case .needless: "sent again needlessly: the receiver got the bytes that were sent before"
    case .lostUpstream: "lost at"
    case .reordered where isGap: "nothing was lost; what is missing was overtaken, and came later, at"
    case .reordered: "sent once, and overtaken at"
    case .networkCopy: "sent once, and copied by the network at"
    case .captureCopy: "sent once; the capture holds it twice"
    case .captureOrder: "nothing was late; the capture holds packets microseconds apart in another order than"
    case .captureMissed: "nothing was lost; it passed, and this capture missed it"
    case .capturePaused: "nothing shows a loss; this capture paused"
    case .oneDirection: "this capture holds one direction only"
    case .changedNumber: "its number was changed at"
    case .undecided: "undecided"
    }
  }
}

extension FlagWords.Role {
  /// What stands behind the frame.
  fileprivate var sentence: String {
    switch self {
    case .sentBefore: "has the bytes before"
    case .lost: "is where the lost one was seen last"
    case .corrupt: "arrived broken"
    case .acknowledged: "acknowledges them"
    case .reportedTwice: "reports them twice"
    case .inOrder: "is in its place"
    case .overtaken: "is overtaken"
    case .overtook: "overtook it"
    case .copied: "is the one copied"
    case .seenElsewhere: "has it"
    case .cameLater: "has what is missing"
    case .unchanged: "has the true number"
    }
  }
}

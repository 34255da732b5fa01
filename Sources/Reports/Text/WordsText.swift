import Verdicts

/// Wireshark's words at each point: how many are true, and what those that mislead really were.
enum WordsText {
  private static let framesShown = 2

  static func lines(_ words: FlagWords, _ view: ReportView) -> [Line] {
    let rows = stretches(words).flatMap { stretch in
      words.points[stretch.lowerBound].counts.filter(\.word.isJudged).map { Row(points: stretch, count: $0) }
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
    return lines + misleading(words, view)
  }

  /// Points in a row of which Wireshark says the same.
  private static func stretches(_ words: FlagWords) -> [ClosedRange<Int>] {
    var stretches: [ClosedRange<Int>] = []
    for position in words.points.indices {
      if let last = stretches.last, words.points[position] == words.points[last.lowerBound] {
        stretches[stretches.count - 1] = last.lowerBound...position
      } else {
        stretches.append(position...position)
      }
    }
    return stretches
  }

  private struct Row {
    let points: ClosedRange<Int>
    let count: FlagWords.Count
  }

  /// `client`, or `client … fw1-out`.
  private static func name(_ points: ClosedRange<Int>, _ view: ReportView) -> String {
    let first = view.names[points.lowerBound]
    return points.count == 1 ? first : "\(first) … \(view.names[points.upperBound])"
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
        column(["point"], right: false) { Line(name($0.points, view)) },
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

  /// Those of one word, cause and segment together, and points in a row that have as many of them.
  private static func misleading(_ words: FlagWords, _ view: ReportView) -> [Line] {
    var groups: [Group] = []
    for word in words.words where word.verdict == .misleading {
      let key = Key(word: word.word, cause: word.cause, between: word.between)
      if let index = groups.lastIndex(where: { $0.key == key && $0.points == word.frame.point...word.frame.point }) {
        groups[index].words.append(word)
      } else {
        groups.append(Group(key: key, points: word.frame.point...word.frame.point, words: [word]))
      }
    }
    guard !groups.isEmpty else { return [] }
    var lines = [Line.empty, Line("  Misleading:", .strong)]
    for group in folded(groups) {
      let place = group.key.between.map { " " + view.place($0) } ?? ""
      let count = Numbers.count(group.words.count, "frame") + (group.points.count > 1 ? " each" : "")
      let text = "“\(group.key.word.name)” of \(count): \(group.key.cause.sentence(for: group.key.word))\(place)"
      let label = Line("  " + name(group.points, view) + "  ", .warning)
      lines += Wrapping.hanging(
        label, Wrapping.lines(text, width: max(20, view.width - label.width)), column: label.width)
      for word in group.words.prefix(framesShown) {
        lines += Wrapping.lines(frame(word, view), .faint, width: view.width - 6).map { $0.indented(6) }
      }
      if group.words.count > framesShown {
        lines.append(
          Line("      … and \(Numbers.grouped(group.words.count - framesShown)) more (--format json)", .faint))
      }
    }
    return lines
  }

  private struct Key: Equatable {
    let word: WiresharkWord
    let cause: FlagCause
    let between: PointPair?
  }

  private struct Group {
    let key: Key
    var points: ClosedRange<Int>
    var words: [FlagWords.Word]
  }

  private static func folded(_ groups: [Group]) -> [Group] {
    var folded: [Group] = []
    for group in groups {
      let before = folded.lastIndex {
        $0.key == group.key && $0.words.count == group.words.count
          && $0.points.upperBound + 1 == group.points.lowerBound
      }
      if let before {
        folded[before].points = folded[before].points.lowerBound...group.points.upperBound
      } else {
        folded.append(group)
      }
    }
    return folded
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
    case .captureOrder: "nothing was late; the capture holds packets less than 0.1 ms apart in another order than"
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

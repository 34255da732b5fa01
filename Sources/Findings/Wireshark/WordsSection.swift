import Correlation
import Flows
import Matching
import Packets
import StreamAnalysis
import Verdicts

/// Wireshark's words at every point, and what was behind them.
struct WordsSection {
  private let file: CaseFile
  private let correlator: Correlator
  private let budget: WordBudget
  private var counts: [[Tally]]
  private var words: [FlagWords.Word] = []
  private var recordsLeft: Int
  private var connectionsNotFollowed = 0

  /// One word at one point.
  private struct Tally {
    var said = 0
    var verdicts = [Int](repeating: 0, count: FlagWords.Verdict.allCases.count)
    var listed = [Int](repeating: 0, count: FlagWords.Verdict.allCases.count)
    var causes = [Int](repeating: 0, count: FlagCause.allCases.count)
  }

  static func make(_ file: CaseFile, _ correlator: Correlator, budget: WordBudget) -> FlagWords {
    var section = WordsSection(file, correlator, budget)
    let order = file.matched.groups.indices.sorted { (file.connectionIDs[$0], $0) < (file.connectionIDs[$1], $1) }
    for group in order { section.add(group) }
    return section.finish()
  }

  private init(_ file: CaseFile, _ correlator: Correlator, _ budget: WordBudget) {
    self.file = file
    self.correlator = correlator
    self.budget = budget
    recordsLeft = budget.recordsRead
    counts = file.matched.points.map { _ in Array(repeating: Tally(), count: WiresharkWord.allCases.count) }
  }

  private mutating func add(_ index: Int) {
    let group = file.matched.groups[index]
    var flagged: [(position: Int, segments: [FlaggedSegment])] = []
    var records = 0
    for position in group.presentPoints {
      let connection = Int(group.members[position])
      let traffic = file.matched.points[position]
      guard traffic.connections[connection].transport == TransportProtocol.tcp else { return }
      records += traffic.connections[connection].packets
      let scan = FlagScan(traffic, connection: connection, flipped: group.flipped[position])
      for word in WiresharkWord.allCases { counts[position][Int(word.rawValue)].said += scan.said[Int(word.rawValue)] }
      if !scan.flagged.isEmpty { flagged.append((position, scan.flagged)) }
    }
    guard !flagged.isEmpty else { return }
    guard records <= recordsLeft else {
      connectionsNotFollowed += 1
      for (position, segments) in flagged {
        for segment in segments { note(segment, at: position, index) { _ in .undecided } }
      }
      return
    }
    recordsLeft -= records
    var judge = WordJudge(file: file, group: index, table: WayTable(correlator.ways(of: index)))
    for (position, segments) in flagged {
      for segment in segments {
        note(segment, at: position, index) { judge.ruling($0, on: segment, at: position) }
      }
    }
  }

  /// Counts every word for a segment; of the retransmissions only the word that says most is listed.
  private mutating func note(
    _ segment: FlaggedSegment, at position: Int, _ group: Int, _ ruling: (WiresharkWord) -> WordJudge.Ruling
  ) {
    var repetition: WordJudge.Ruling?
    let isSpurious = segment.flags.contains(.spuriousRetransmission)
    let isSpecial = isSpurious || segment.flags.contains(.fastRetransmission)
    for (flag, word) in FlagScan.words where word.isJudged && segment.flags.contains(flag) {
      let isRepetition = word < .outOfOrder
      let found = isRepetition ? repetition ?? ruling(word) : ruling(word)
      if isRepetition { repetition = found }
      // Who says that it was needless does not mislead about that.
      let isHonest = isSpurious && word == .retransmission && found.cause == .needless
      let verdict = isHonest ? .correct : found.cause.verdict(on: word)
      counts[position][Int(word.rawValue)].verdicts[Int(verdict.rawValue)] += 1
      counts[position][Int(word.rawValue)].causes[Int(found.cause.rawValue)] += 1
      if word == .retransmission && isSpecial { continue }
      list(word, verdict, found, segment, at: position, group)
    }
  }

  private mutating func list(
    _ word: WiresharkWord, _ verdict: FlagWords.Verdict, _ ruling: WordJudge.Ruling, _ segment: FlaggedSegment,
    at position: Int, _ group: Int
  ) {
    let listed = counts[position][Int(word.rawValue)].listed[Int(verdict.rawValue)]
    guard listed < budget.wordsListed else { return }
    counts[position][Int(word.rawValue)].listed[Int(verdict.rawValue)] += 1
    words.append(
      FlagWords.Word(
        word: word, frame: file.frame(position, segment.record.frame), connection: file.connectionIDs[group],
        direction: segment.direction, verdict: verdict, cause: ruling.cause, between: ruling.between,
        proof: ruling.proof.map { FlagWords.Proof(frame: file.frame($0.frame), shows: $0.shows) }))
  }

  private func finish() -> FlagWords {
    let points = counts.map { tallies in
      FlagWords.Point(
        counts: WiresharkWord.allCases.compactMap { word in
          let tally = tallies[Int(word.rawValue)]
          guard tally.said > 0 else { return nil }
          let causes = FlagCause.allCases.map { FlagWords.Share(cause: $0, frames: tally.causes[Int($0.rawValue)]) }
          return FlagWords.Count(
            word: word, said: tally.said, correct: tally.verdicts[Int(FlagWords.Verdict.correct.rawValue)],
            misleading: tally.verdicts[Int(FlagWords.Verdict.misleading.rawValue)],
            causes: causes.filter { $0.frames > 0 }.sorted {
              ($1.frames, $0.cause.rawValue) < ($0.frames, $1.cause.rawValue)
            })
        })
    }
    let sorted = words.sorted {
      ($0.verdict.rawValue, $0.frame.point, $0.frame.file, $0.frame.frame, $0.word)
        < ($1.verdict.rawValue, $1.frame.point, $1.frame.file, $1.frame.frame, $1.word)
    }
    return FlagWords(points: points, words: sorted, connectionsNotFollowed: connectionsNotFollowed)
  }
}

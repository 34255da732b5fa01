import Findings
import Scenarios
import Testing
import Verdicts

/// Wireshark's words at three points, against what a scenario did.
@Suite struct WiresharkWordsTests {
  private func judged(
    _ scenario: Scenario, budget: WordBudget = WordBudget()
  ) -> (run: ScenarioRun, report: AnalysisReport, words: FlagWords) {
    let run = scenario.run()
    let sources = run.names.indices.map {
      PointSource(
        name: run.names[$0], files: [.init(path: "\(run.names[$0]).pcap", frames: run.captures[$0].count)],
        linkTypes: ["EN10MB"])
    }
    let (report, _, words) = Analysis.analyseWords(
      run.traffic(), sources: sources, givenOrder: [0, 1, 2], budget: budget)
    return (run, report, words)
  }

  /// The words for one packet at one point.
  private func words(
    _ judged: (run: ScenarioRun, report: AnalysisReport, words: FlagWords), at point: Int, _ way: Direction,
    _ label: WirePacket.Label
  ) -> [FlagWords.Word] {
    let frame = judged.run.frame(point, way, label)
    return judged.words.words.filter { $0.frame.point == point && $0.frame.frame == frame }
  }

  @Test func `words change nothing of the report`() {
    var scenario = Scenario.usual()
    scenario.hit(1, .serverToClient, .init(.data, 1), .drop)
    #expect(judged(scenario).report == Analysed(scenario).report)
  }

  @Test(arguments: [0, 1], Direction.allCases)
  func `a repetition answers the drop, at every point, and names its frame`(segment: Int, way: Direction) throws {
    var scenario = Scenario.usual([.client(2400), .server(2400), .client(300)])
    scenario.hit(segment, way, .init(.data, 3), .drop)
    let judged = judged(scenario)
    let upstream = way == .clientToServer ? segment : segment + 1
    let lost = try #require(judged.run.frame(upstream, way, .init(.data, 3)))
    for point in 0..<3 {
      let found = words(judged, at: point, way, .init(.data, 3, copy: 1))
      let isBehind = way == .clientToServer ? point > segment : point <= segment
      #expect(!found.isEmpty)
      for word in found {
        #expect(word.cause == .answersLoss && word.between == PointPair(segment, segment + 1))
        #expect(word.proof == [.init(frame: FrameReference(point: upstream, file: 0, frame: lost), shows: .lost)])
        #expect(word.verdict == (word.word == .outOfOrder ? .misleading : .correct))
      }
      // The segment behind the lost one comes after a gap where the lost one never was.
      let gap = words(judged, at: point, way, .init(.data, 4)).filter { $0.word == .lostSegment }
      #expect(gap.map(\.cause) == (isBehind ? [.lostUpstream] : []))
      #expect(gap.allSatisfy { $0.verdict == .correct && $0.between == PointPair(segment, segment + 1) })
    }
  }

  @Test func `an original that was overtaken is no retransmission, and its gap no loss`() throws {
    var scenario = Scenario.usual([.client(100), .server(2400), .client(300)])
    scenario.hit(1, .serverToClient, .init(.data, 2), .delay(700_000))
    let judged = judged(scenario)
    for point in [0, 1] {
      let late = words(judged, at: point, .serverToClient, .init(.data, 2))
      #expect(!late.isEmpty)
      for word in late {
        #expect(word.cause == .reordered && word.between == PointPair(1, 2))
        #expect(word.verdict == (word.word == .outOfOrder ? .correct : .misleading))
      }
      let gap = try #require(
        words(judged, at: point, .serverToClient, .init(.data, 3)).first { $0.word == .lostSegment })
      #expect(gap.cause == .reordered && gap.verdict == .misleading)
      #expect(gap.proof.map(\.shows).contains(.cameLater))
    }
    #expect(words(judged, at: 2, .serverToClient, .init(.data, 2)).isEmpty)
  }

  @Test func `what only the capture missed is neither lost nor unseen by the receiver`() throws {
    var scenario = Scenario.usual([.client(100), .server(2400), .client(300)])
    scenario.capture(at: 1, .miss, .serverToClient, .init(.data, 2))
    let judged = judged(scenario)
    let gap = try #require(
      words(judged, at: 1, .serverToClient, .init(.data, 3)).first { $0.word == .lostSegment })
    #expect(gap.cause == .captureMissed && gap.verdict == .misleading)
    #expect(Set(gap.proof.map(\.frame.point)) == [0, 2])
    #expect(gap.proof.allSatisfy { $0.shows == .seenElsewhere })
    let counts = judged.words.points[1].counts
    #expect(counts.first { $0.word == .lostSegment }.map { [$0.said, $0.misleading, $0.correct] } == [1, 1, 0])
    for count in counts where count.word == .ackLostSegment { #expect(count.correct == count.said) }
  }

  @Test func `an acknowledgement of what the capture missed says the truth`() throws {
    var scenario = Scenario.usual([.client(200), .server(200), .client(300)])
    scenario.capture(at: 1, .miss, .serverToClient, .init(.data, 0))
    let unseen = judged(scenario).words.points[1].counts.first { $0.word == .ackLostSegment }
    #expect(try #require(unseen).correct == unseen?.said)
    #expect(unseen?.causes.map(\.cause) == [.captureMissed])
  }

  @Test func `a repetition of what had arrived is needless`() throws {
    var scenario = Scenario.usual([.client(100), .server(2400), .client(300)])
    // Late enough for three duplicate ACKs, and still before the repair.
    scenario.hit(1, .serverToClient, .init(.data, 2), .delay(3_000_000))
    let judged = judged(scenario)
    let repeated = (0..<3).flatMap { words(judged, at: $0, .serverToClient, .init(.data, 2, copy: 1)) }
    #expect(Set(repeated.map(\.frame.point)) == [0, 1, 2])
    for word in repeated {
      #expect(word.cause == .needless)
      #expect(word.verdict == (word.word == .spuriousRetransmission ? .correct : .misleading))
    }
    #expect(repeated.allSatisfy { $0.proof.map(\.shows) == [.sentBefore, .acknowledged] })
  }

  @Test func `a copy that the network made is no retransmission`() {
    var scenario = Scenario.usual([.client(100), .server(2400), .client(300)])
    scenario.hit(1, .serverToClient, .init(.data, 2), .duplicate(afterNS: 300_000))
    let copies = judged(scenario).words.words.filter { $0.cause == .networkCopy }
    #expect(Set(copies.map(\.frame.point)) == [0, 1])
    #expect(copies.allSatisfy { $0.between == PointPair(1, 2) && $0.verdict == .misleading })
  }

  @Test func `a copy that the capture made is no retransmission`() throws {
    var scenario = Scenario.usual([.client(100), .server(2400), .client(300)])
    scenario.points[1].mirrorsAfterNS = 5_000
    let judged = judged(scenario)
    let copies = judged.words.words.filter { $0.cause == .captureCopy }
    #expect(!copies.isEmpty)
    #expect(copies.allSatisfy { $0.frame.point == 1 && $0.verdict == .misleading })
    #expect(copies.allSatisfy { $0.proof.map(\.shows) == [.copied] && $0.proof[0].frame.point == 1 })
  }

  @Test func `a clean path has no words that can be judged`() {
    let judged = judged(Scenario.usual())
    #expect(judged.words.words.isEmpty)
    #expect(judged.words.points.flatMap(\.counts).allSatisfy { !$0.word.isJudged })
  }

  @Test func `every word is counted once, however few are followed or listed`() {
    var scenario = Scenario.usual([.client(2400), .server(2400), .client(300)])
    scenario.hit(1, .serverToClient, .init(.data, 3), .drop)
    scenario.hit(0, .clientToServer, .init(.data, 4), .delay(700_000))
    let all = judged(scenario).words
    let few = judged(scenario, budget: WordBudget(recordsRead: 10)).words
    #expect(few.connectionsNotFollowed == 1)
    for (one, other) in zip(all.points, few.points) {
      #expect(one.counts.map(\.word) == other.counts.map(\.word))
      #expect(one.counts.map(\.said) == other.counts.map(\.said))
      #expect(other.counts.filter(\.word.isJudged).allSatisfy { $0.undecided == $0.said })
    }
    let none = judged(scenario, budget: WordBudget(wordsListed: 0)).words
    #expect(none.points == all.points && none.words.isEmpty)
    for count in all.points.flatMap(\.counts) where count.word.isJudged {
      #expect(count.causes.reduce(0) { $0 + $1.frames } == count.said)
    }
  }
}

import Correlation
import Scenarios
import TestSupport
import Verdicts

/// Connections, boxes and faults made of the input, on a simulated path; nothing that is said for sure may be false.
enum PathsTarget {
  static func run(_ feed: Feed) {
    var feed = feed
    let judgement = Judgement(scenario(&feed))
    require(judgement.wrongLedgers == [], "\(judgement.wrongLedgers)")
    for segment in judgement.tally.segments { AnalysisTarget.check(segment.value[.clientToServer], segment.key) }
    let falsehoods = judgement.falsehoods(above: 0.9, weighed: false)
    require(falsehoods == [], "\(falsehoods)")
  }

  static func scenario(_ feed: inout Feed) -> Scenario {
    let points = 2 + feed.number(below: 4)
    var scenario = Scenario(points: points)
    scenario.seed = UInt64(feed.half())
    for number in 0..<1 + feed.number(below: 3) { scenario.add(conversation(number, points, &feed)) }
    for point in 0..<points {
      scenario.points[point].offsetNS = (Int64(feed.half()) - 32_768) * 1_000_000
      scenario.points[point].driftPPM = Double(Int8(bitPattern: feed.byte()))
      scenario.segments.indices.contains(point) ? scenario.segments[point].jitterNS = Int64(feed.byte()) * 2_000 : ()
    }
    // That two captures miss the same packet is too unlikely for the program to doubt a loss over it; and what one capture
    // missed next to a loss may be repeated before anybody acknowledged it, which looks like two losses.
    var (missed, lost): (Set<Int>, Set<Int>) = ([], [])
    func isBeside(_ nth: Int, _ others: Set<Int>) -> Bool { others.contains { abs($0 - nth) <= 2 } }
    for _ in 0..<feed.number(below: 8) {
      let (segment, nth) = (feed.number(below: points - 1), feed.number(below: 100))
      let action: Impairment.Action
      switch feed.number(below: 8) {
      case 0...3:
        if isBeside(nth, missed) { continue }
        lost.insert(nth)
        action = .drop
      case 4: action = .delay(100_000 + Int64(feed.byte()) * 12_000)
      case 5: action = .duplicate(afterNS: 50_000 + Int64(feed.byte()) * 4_000)
      case 6: action = .edit { $0.ack &+= 1_000_000 }
      default:
        let point = feed.number(below: points)
        if !isBeside(nth, lost), missed.insert(nth).inserted { scenario.capture(at: point, .miss) { $0.id == nth } }
        continue
      }
      scenario.on(segment: segment, where: { $0.id == nth }, action)
    }
    return scenario
  }

  private static func conversation(_ number: Int, _ points: Int, _ feed: inout Feed) -> TCPConversation {
    var script: [TCPConversation.Turn] = []
    for turn in 0..<1 + feed.number(below: 4) {
      let bytes = 1 + feed.number(below: 1500)
      script.append(turn.isMultiple(of: 2) ? .client(bytes) : .server(bytes))
    }
    var conversation = TCPConversation(script: script)
    conversation.number = number
    conversation.startsAfterNS = Int64(number) * 40_000_000 + Int64(feed.byte()) * 100_000
    conversation.clientISN = feed.word()
    // Chance gives two connections the same initial numbers on both sides once in 2⁶⁴ pairs; the input is not to, anywhere
    // on the path.
    conversation.serverISN = feed.word() & ~3 | UInt32(number)
    conversation.segmentSize = 100 + feed.number(below: 400)
    conversation.window = 1 + feed.number(below: 12)
    let choices = feed.byte()
    conversation.usesSACK = choices & 1 == 0
    conversation.usesTimestamps = choices & 2 == 0
    // What nothing tells apart may be said of its twin: only packets with an IP ID of their own are held to the truth.
    conversation.ipIDs = .counter
    conversation.close = choices & 4 == 0 ? .fin : choices & 8 == 0 ? .reset : .none
    guard choices & 16 != 0 else { return conversation }
    let box = 1 + feed.number(below: points - 1)
    return conversation.translated(from: box, client: feed.word(), server: feed.word() & ~3)
  }
}

import TestSupport
import Testing
import Verdicts

/// What analysing costs, as the ratio of two sizes: times alone depend on the machine.
@Suite(.serialized) struct CostTests {
  /// Two points of one long connection, of which the capture at the far one missed every third segment.
  private static func bulk(segments: Int) -> [Captured] {
    var script = ConversationScript(seed: 1, startNS: FourPoints.hour)
    script.stepNS = 10_000
    script.open()
    for number in 0..<segments {
      script.segment(fromClient: true, .ack, payload: [1, 2, 3, UInt8(number & 0xFF)])
      if !number.isMultiple(of: 2) { script.segment(fromClient: false, .ack) }
    }
    var conversation = Conversation("10.0.0.1:40000", "10.0.0.2:80", points: 2)
    conversation.transmissions = script.transmissions
    for index in stride(from: 3, to: conversation.transmissions.count, by: 3) {
      if conversation.transmissions[index].fromClient { conversation.transmissions[index].missedAt = [1] }
    }
    var path = PathSimulation(points: 2)
    path.send(conversation)
    return zip(["client", "server"], path.captures).map { Captured($0, frames: $1) }
  }

  @Test func `a connection of four times as many segments costs about four times as much`() {
    let clock = ContinuousClock()
    func cost(_ segments: Int) -> Duration {
      let points = Self.bulk(segments: segments)
      return clock.measure { _ = analyse(points) }
    }
    let few = cost(1000)
    let many = cost(4000)
    withKnownIssue("for each missing segment all later ones are searched for a repeat of it") {
      #expect(many < few * 8, "\(few) for 1,000 segments, \(many) for 4,000")
    }
  }
}

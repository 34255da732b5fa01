import TestSupport
import Testing
import Verdicts

/// Where "fragmentation needed" is born and where it dies, beside the large packets that vanish.
@Suite struct PathMTUErrorsTests {
  /// What a router between core and edge says about a packet from the server, as the capture at core or server has it.
  private static func tooBig(
    _ transmission: Conversation.Transmission, of conversation: Conversation, at point: Int
  ) -> CapturedFrame {
    guard case .tcp(var segment) = transmission.content else { preconditionFailure("not a segment") }
    let leg = conversation.legs[2]
    (segment.source, segment.destination) = (leg.server, leg.client)
    let quoted = segment.ipv4(id: transmission.ipID, ttl: 62)
    let error = ICMPMessage.tooBig(from: "10.9.1.1", mtu: 1300, about: quoted).ipv4(id: 7, ttl: 64).ethernet()
    let laterNS = point == 2 ? 1_200_000 - 3 * FourPoints.hour : 2_200_000 + FourPoints.hour
    return CapturedFrame(timeNS: transmission.timeNS + laterNS, bytes: error)
  }

  /// Large answers vanish between core and edge; a router there says so, and these points see it.
  private func finding(errorsAt points: [Int]) throws -> Finding {
    var path = FourPoints.path()
    var errors: [[CapturedFrame]] = Array(repeating: [], count: 4)
    for number in 0..<12 {
      var script = FourPoints.script(number)
      script.open()
      script.request(200, response: 300)
      for _ in 0..<2 {
        let payload = script.random.bytes(1400)
        script.segment(fromClient: false, [.psh, .ack], payload: payload, lostAfter: 2)
        script.retransmit()
      }
      var conversation = FourPoints.conversation(number, script)
      for index in conversation.transmissions.indices {
        let transmission = conversation.transmissions[index]
        guard case .tcp(let segment) = transmission.content, segment.payload.count == 1400 else { continue }
        conversation.transmissions[index].lostAfter = 2
        for point in points { errors[point].append(Self.tooBig(transmission, of: conversation, at: point)) }
      }
      path.send(conversation)
    }
    let captures = zip(path.captures, errors).map { ($0 + $1).sorted { $0.timeNS < $1.timeNS } }
    let (report, said) = FourPoints.analysed(captures)
    #expect(said.findings(.fault).isSuperset(of: ["pmtu-blackhole edge core"]))
    return try #require(report.findings.first { $0.kind == "pmtu-blackhole" })
  }

  @Test func `an error that reaches the sender's host and changes nothing is ignored there`() throws {
    let finding = try finding(errorsAt: [2, 3])
    #expect(finding.explanation.contains("for an MTU of 1300 are first seen at core"))
    #expect(finding.explanation.contains("reach the last point before the sender"))
    #expect(finding.evidence.count { $0.says == "ICMP error: too big, MTU 1300" } == 2)
  }

  @Test func `an error that is last seen before the sender dies there`() throws {
    let finding = try finding(errorsAt: [2])
    #expect(finding.explanation.contains("last at core: they die between there and server"))
  }

  @Test func `an error that no point saw is not sent, or dies at once`() throws {
    #expect(try finding(errorsAt: []).explanation.contains("No point saw an ICMP"))
  }

  /// A repeat as a sender sends it that was told of a smaller MTU: in two.
  private static func smaller(_ repeated: Conversation.Transmission) -> [Conversation.Transmission] {
    guard case .tcp(let segment) = repeated.content, segment.payload.count == 1400, repeated.lostAfter == nil
    else { return [repeated] }
    return [0, 700].map { begin in
      var (half, part) = (repeated, segment)
      part.seq &+= UInt32(begin)
      part.payload = Array(segment.payload[begin..<begin + 700])
      half.content = .tcp(part)
      half.ipID &+= UInt16(begin)
      half.timeNS += Int64(begin) * 1000
      return half
    }
  }

  /// Of large answers the first copy vanishes between core and edge, and a router there says so of those with these numbers.
  private func kinds(errorsAbout isToldOf: (Int) -> Bool) throws -> Set<String> {
    var path = FourPoints.path()
    var errors: [[CapturedFrame]] = Array(repeating: [], count: 4)
    for number in 0..<12 {
      var script = FourPoints.script(number)
      script.open()
      script.request(200, response: 300)
      script.segment(fromClient: false, [.psh, .ack], payload: script.random.bytes(1400), lostAfter: 2)
      script.retransmit()
      var conversation = FourPoints.conversation(number, script)
      conversation.transmissions = conversation.transmissions.flatMap(Self.smaller)
      for transmission in conversation.transmissions where transmission.lostAfter == 2 && isToldOf(number) {
        for point in [2, 3] { errors[point].append(Self.tooBig(transmission, of: conversation, at: point)) }
      }
      path.send(conversation)
    }
    let captures = zip(path.captures, errors).map { ($0 + $1).sorted { $0.timeNS < $1.timeNS } }
    return Set(FourPoints.analysed(captures).report.findings.map(\.kind))
  }

  @Test func `large packets of which the sender was told, and which it sent again, are path MTU discovery at work`()
    throws
  {
    let kinds = try kinds { _ in true }
    #expect(kinds.contains("pmtu-discovery") && kinds.isDisjoint(with: ["loss", "pmtu-blackhole"]))
  }

  @Test func `where one sender was not told, packets were lost`() throws {
    let kinds = try kinds { $0 != 5 }
    #expect(kinds.contains("loss") && !kinds.contains("pmtu-discovery"))
  }
}

import Flows
import Matching
import Packets
import Verdicts

/// `response-time`: for the slowest answers, how much of the time the server took and how much the network.
enum ResponseTimeRule {
  /// Faster answers are not named, in nanoseconds.
  private static let leastNS: Int64 = 500_000_000
  private static let mostNamed = 3
  /// Connections with the longest silences that are read, and packets of them.
  private static let mostConnections = 256
  private static let mostPackets = 200_000

  /// A request and its answer at one point.
  private struct Answer {
    var group: Int
    /// The first byte of the answer, as an offset in the server's stream.
    var offset: UInt32
    var requestFrame: UInt32
    var answerFrame: UInt32
    var tookNS: Int64
  }

  static func find(_ file: CaseFile) -> [Finding] {
    var byPoint: [Int: [Answer]] = [:]
    let candidates = file.longestSilent(from: leastNS, most: mostConnections, packets: mostPackets) {
      $0.clientSide.payloadBytes > 0 && $0.serverSide.payloadBytes > 0
    }
    for index in candidates {
      guard let position = file.point(nearestToSenderOf: .serverToClient, file.matched.groups[index]) else { continue }
      byPoint[position, default: []] += answers(index, position, file).filter { $0.tookNS >= leastNS }
    }
    return byPoint.sorted { $0.key < $1.key }.compactMap { position, answers in
      let slowest = answers.sorted { ($1.tookNS, $0.group, $0.answerFrame) < ($0.tookNS, $1.group, $1.answerFrame) }
      guard let worst = slowest.first else { return nil }
      return Finding(
        kind: "response-time", severity: .note, point: position,
        title:
          "The server behind \(file.name(position)) took \(Milliseconds.text(worst.tookNS)) to answer, the longest of "
          + CaseFile.count(answers.count, "slow answer"),
        explanation: slowest.prefix(mostNamed).map { words($0, file) }.joined(separator: " ")
          + " Measured from the request's last segment to the answer's first, at the point nearest to the server; answers "
          + "of less than \(Milliseconds.text(leastNS)) are not counted.",
        confidence: 0.9, connections: Set(answers.map { file.connectionIDs[$0.group] }).sorted(),
        packets: answers.count,
        evidence: slowest.prefix(2).flatMap {
          [
            Finding.Evidence(frame: file.frame(position, $0.requestFrame), says: "the request's last segment"),
            Finding.Evidence(
              frame: file.frame(position, $0.answerFrame),
              says: "the answer begins \(Milliseconds.text($0.tookNS)) later"),
          ]
        },
        confirm: "Read the server's own log of request times. Wireshark: tcp.time_delta > 0.5 && tcp.len > 0, or "
          + "http.time > 0.5.")
    }
  }

  /// The server's share of what the client waited.
  private static func words(_ answer: Answer, _ file: CaseFile) -> String {
    let group = file.matched.groups[answer.group]
    let id = file.connectionIDs[answer.group]
    let server = "#\(id): the server took \(Milliseconds.text(answer.tookNS))"
    guard let client = file.point(nearestToSenderOf: .clientToServer, group),
      client != file.point(nearestToSenderOf: .serverToClient, group),
      let waited = answers(answer.group, client, file).first(where: { $0.offset == answer.offset })
    else { return server + "." }
    return "\(server) of the \(Milliseconds.text(waited.tookNS)) that passed at \(file.name(client)); the network and "
      + "repeats took \(Milliseconds.text(max(0, waited.tookNS - answer.tookNS)))."
  }

  /// The answers of a connection whose handshake the point saw.
  private static func answers(_ index: Int, _ position: Int, _ file: CaseFile) -> [Answer] {
    let group = file.matched.groups[index]
    guard let side = file.side(of: group, at: position, .serverToClient), side.sawSYN else { return [] }
    var found: [Answer] = []
    var request: PacketRecord?
    var (asked, reached): (UInt32?, UInt32) = (nil, side.initialSequence &+ 1)
    file.forEachSegment(of: group, at: position) { record, way in
      guard record.payloadLength > 0 else { return true }
      let end = CaseFile.end(of: record)
      if way == .clientToServer {
        // A repeat is not a new request.
        if asked.map({ CaseFile.distance(from: $0, to: end) > 0 }) ?? true { (asked, request) = (end, record) }
      } else if CaseFile.distance(from: reached, to: end) > 0 {
        if let asking = request, CaseFile.distance(from: CaseFile.end(of: asking), to: record.acknowledgement) >= 0 {
          found.append(
            Answer(
              group: index, offset: record.sequence &- side.initialSequence, requestFrame: asking.frame,
              answerFrame: record.frame, tookNS: record.timeNS - asking.timeNS))
          request = nil
        }
        reached = end
      }
      return true
    }
    return found
  }
}

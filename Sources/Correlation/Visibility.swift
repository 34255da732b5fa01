import Flows
import Matching
import Packets
import Verdicts

/// Which points a connection and direction pass, and which of them can be expected to see it.
struct Visibility {
  /// For each position, the only direction that the point's capture holds, if so.
  let oneWay: [Direction?]
  /// For each position, the server endpoints whose connections are seen both there and at the following position.
  private let passing: [Set<Service>]

  /// A server as it is addressed at one point.
  private struct Service: Hashable {
    var transport: UInt8
    var server: Endpoint
  }

  /// Share of the connections that lack a direction before the point is said to see one only.
  private static let oneWayShare = 0.9
  /// A connection of so few packets may be missing at a point by the capture's fault.
  private static let fewPackets = 3

  init(matched: MatchedTraffic) {
    oneWay = matched.points.indices.map { Self.oneWay(at: $0, in: matched) }
    var passing = Array(repeating: Set<Service>(), count: matched.points.count)
    // Nearly always the connection before was to the same server.
    var latest = [Service?](repeating: nil, count: matched.points.count)
    for group in matched.groups {
      for position in group.presentPoints where position + 1 < group.members.count && group.members[position + 1] >= 0 {
        let service = Self.service(of: group, at: position, in: matched)
        guard let service, service != latest[position] else { continue }
        passing[position].insert(service)
        latest[position] = service
      }
    }
    self.passing = passing
  }

  private static func service(of group: ConnectionGroup, at position: Int, in matched: MatchedTraffic) -> Service? {
    guard group.members[position] >= 0 else { return nil }
    let connection = matched.points[position].connections[Int(group.members[position])]
    return Service(
      transport: connection.transport, server: group.flipped[position] ? connection.client : connection.server)
  }

  private static func packets(_ group: ConnectionGroup, _ position: Int, _ matched: MatchedTraffic) -> (
    fromClient: Int, fromServer: Int
  ) {
    let connection = matched.points[position].connections[Int(group.members[position])]
    let sides = (Int(connection.clientSide.packets), Int(connection.serverSide.packets))
    return group.flipped[position] ? (sides.1, sides.0) : sides
  }

  /// The only direction that a point sees of connections of which others see both.
  private static func oneWay(at position: Int, in matched: MatchedTraffic) -> Direction? {
    var onlyClient = 0
    var onlyServer = 0
    var both = 0
    for group in matched.groups where group.members[position] >= 0 {
      let elsewhere = group.presentPoints.contains { other in
        guard other != position else { return false }
        let there = packets(group, other, matched)
        return there.fromClient > 1 && there.fromServer > 1 && !isHandshakeAlone(group, other, matched)
      }
      guard elsewhere else { continue }
      let here = packets(group, position, matched)
      if here.fromServer == 0 { onlyClient += 1 } else if here.fromClient == 0 { onlyServer += 1 } else { both += 1 }
    }
    let all = Double(onlyClient + onlyServer + both)
    if all > 0, Double(onlyClient) >= oneWayShare * all { return .clientToServer }
    if all > 0, Double(onlyServer) >= oneWayShare * all { return .serverToClient }
    return nil
  }

  /// Whether a point has SYNs and their answers of a connection and nothing more, so that nothing shows that the answers
  /// reached the other end.
  private static func isHandshakeAlone(_ group: ConnectionGroup, _ position: Int, _ matched: MatchedTraffic) -> Bool {
    let connection = matched.points[position].connections[Int(group.members[position])]
    guard connection.transport == TransportProtocol.tcp else { return false }
    let (client, server) = (connection.clientSide, connection.serverSide)
    return client.sawSYN && client.payloadBytes == 0 && server.payloadBytes == 0 && !client.sawFIN && !server.sawFIN
  }

  /// The positions that a direction of a connection passes, upstream first.
  ///
  /// - Parameter passedUnseen: whether an answer, seen at a time and point, may have passed the point beyond while that was
  ///   not capturing.
  func path(
    of group: ConnectionGroup, direction: Direction, in matched: MatchedTraffic,
    passedUnseen: (_ answerNS: Int64, _ point: Int, _ beyond: Int) -> Bool = { _, _, _ in false }
  ) -> [Int] {
    let present = group.presentPoints
    guard let first = present.first, let last = present.last else { return [] }
    var positions: [Int] = []
    for position in first...last {
      if group.members[position] >= 0 || mayBeMissed(group, position, present, matched) { positions.append(position) }
    }
    if let beyond = expectedBeyond(group, present, matched, passedUnseen) {
      if beyond > last { positions.append(beyond) } else { positions.insert(beyond, at: 0) }
    }
    positions.removeAll { oneWay[$0] == direction.opposite }
    return (direction == .clientToServer) != group.reversed ? positions : positions.reversed()
  }

  /// Whether a point between two that have the connection should have it too, and may have missed its few packets.
  private func mayBeMissed(
    _ group: ConnectionGroup, _ position: Int, _ present: PresentPoints, _ matched: MatchedTraffic
  ) -> Bool {
    guard let before = present.last(where: { $0 < position }),
      let service = Self.service(of: group, at: before, in: matched),
      (before..<position).allSatisfy({ $0 > before || passing[$0].contains(service) })
    else { return false }
    let packets = Self.packets(group, before, matched)
    return packets.fromClient + packets.fromServer <= Self.fewPackets
  }

  /// The next point that an unanswered connection should have reached, because others to the same server do.
  ///
  /// A connection with an answer that is not seen further on was answered by something in between, not lost; unless the
  /// answer came when nothing was captured there.
  private func expectedBeyond(
    _ group: ConnectionGroup, _ present: PresentPoints, _ matched: MatchedTraffic,
    _ passedUnseen: (_ answerNS: Int64, _ point: Int, _ beyond: Int) -> Bool
  ) -> Int? {
    guard !group.reversed, let last = present.last, last + 1 < matched.points.count,
      let service = Self.service(of: group, at: last, in: matched), passing[last].contains(service)
    else { return nil }
    guard let answered = present.last(where: { Self.packets(group, $0, matched).fromServer > 0 }) else {
      return last + 1
    }
    let answer = matched.points[answered].packets(of: Int(group.members[answered])).first {
      $0.marks.contains(.fromClient) == group.flipped[answered]
    }
    return answer.map { passedUnseen($0.timeNS, answered, last + 1) } ?? false ? last + 1 : nil
  }
}

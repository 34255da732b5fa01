import Flows
import Matching
import Packets
import Verdicts

/// How rules read the packets of one connection.
///
/// A rule asks the summaries of the connections first, and reads only those that give a hint.
extension CaseFile {
  /// Visits the TCP segments of a connection at one point in the order of capture, until `body` returns `false`.
  ///
  /// Copies that the capture made and ICMP errors are left out.
  @inline(__always)
  func forEachSegment(
    of group: ConnectionGroup, at position: Int, _ body: (PacketRecord, Direction) -> Bool
  ) {
    guard group.members[position] >= 0 else { return }
    let traffic = matched.points[position]
    let flipped = group.flipped[position]
    for record in traffic.packets(of: Int(group.members[position])) {
      guard record.marks.isDisjoint(with: [.captureCopy, .icmpError, .headerCut]) else { continue }
      let fromClient = record.marks.contains(.fromClient) != flipped
      if !body(record, fromClient ? .clientToServer : .serverToClient) { return }
    }
  }

  /// A connection as one point saw it; `nil` if it did not.
  func connection(of group: ConnectionGroup, at position: Int) -> PointConnection? {
    guard group.members[position] >= 0 else { return nil }
    return matched.points[position].connections[Int(group.members[position])]
  }

  /// What the sender of a direction was seen to do at one point; `nil` if the point does not have the connection.
  func side(of group: ConnectionGroup, at position: Int, _ direction: Direction) -> SideSummary? {
    connection(of: group, at: position)?[fromClient: (direction == .clientToServer) != group.flipped[position]]
  }

  /// By how many bits the windows are scaled that the sender of a direction advertises; `nil` where the handshake was not
  /// captured.
  ///
  /// They are only where both sides offered it (RFC 7323, 2.2).
  func windowShift(of group: ConnectionGroup, at position: Int, _ direction: Direction) -> Int? {
    guard let own = side(of: group, at: position, direction),
      let other = side(of: group, at: position, direction.opposite), own.sawSYN, other.sawSYN
    else { return nil }
    guard let shift = own.synOptions.windowScale, other.synOptions.windowScale != nil else { return 0 }
    return shift
  }

  /// The point nearest to the host that sends in a direction; `nil` where nothing tells on which side it is.
  func point(nearestToSenderOf direction: Direction, _ group: ConnectionGroup) -> Int? {
    guard group.headingKnown, group.ambiguousWith.isEmpty else { return nil }
    let isNear = (direction == .clientToServer) != group.reversed
    return isNear ? group.members.firstIndex { $0 >= 0 } : group.members.lastIndex { $0 >= 0 }
  }

  /// Whether the packets of a group are ICMP messages of its own, not errors of others.
  func isICMP(_ index: Int) -> Bool {
    let group = matched.groups[index]
    guard let first = group.members.firstIndex(where: { $0 >= 0 }),
      let transport = connection(of: group, at: first)?.transport
    else { return false }
    return transport == TransportProtocol.icmp || transport == TransportProtocol.icmpV6
  }

  /// Whether the packets of a connection are TCP segments.
  func isTCP(_ group: ConnectionGroup) -> Bool {
    guard let first = group.members.firstIndex(where: { $0 >= 0 }) else { return false }
    return connection(of: group, at: first)?.transport == TransportProtocol.tcp
  }

  /// TCP connections by their longest silence, longest first, as far as the budget of connections and packets goes.
  func longestSilent(
    from leastNS: Int64, most: Int, packets budget: Int, where isWanted: (PointConnection) -> Bool
  ) -> [Int] {
    var found: [(index: Int, silenceNS: Int64, packets: Int)] = []
    for (index, group) in matched.groups.enumerated() where isTCP(group) {
      guard let position = point(nearestToSenderOf: .serverToClient, group),
        let connection = connection(of: group, at: position), connection.longestSilenceNS >= leastNS,
        isWanted(connection)
      else { continue }
      found.append((index, connection.longestSilenceNS, connection.packets))
    }
    found.sort { ($1.silenceNS, $0.index) < ($0.silenceNS, $1.index) }
    var left = budget
    return found.prefix(most).filter { one in
      guard one.packets <= left else { return false }
      left -= one.packets
      return true
    }.map(\.index)
  }

  /// The end of the stream that a segment reaches, by sequence number.
  static func end(of record: PacketRecord) -> UInt32 { record.sequence &+ record.sequenceLength }

  /// By how many bytes a sequence number is ahead of another one, negative if it is behind (RFC 9293, 3.4).
  static func distance(from one: UInt32, to other: UInt32) -> Int64 { Int64(Int32(bitPattern: other &- one)) }

  /// The sum of durations that are not negative, in ns, or the greatest number: a clock may jump by years.
  static func total(_ durationsNS: [Int64]) -> Int64 {
    durationsNS.reduce(0) { $0 > .max - $1 ? .max : $0 + $1 }
  }
}

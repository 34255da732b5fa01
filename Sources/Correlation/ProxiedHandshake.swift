import Packets
public import Verdicts

/// A handshake that a box answered itself before it opened its own towards the server (SYN proxy, TCP intercept).
public struct ProxiedHandshake: Sendable {
  /// Index of the connection's group.
  public var group: Int
  /// The segment with the box.
  public var between: PointPair
  /// The box's SYN/ACK on the client's side.
  public var boxAnswer: PacketEvent.Sighting
  /// The server's SYN/ACK on the server's side.
  public var serverAnswer: PacketEvent.Sighting

  /// Finds neighbouring points that both saw a SYN/ACK, but not the same one.
  static func find(_ trace: DirectionTrace, group: Int) -> ProxiedHandshake? {
    guard trace.isTCP else { return nil }
    for place in trace.path.indices.dropFirst() {
      guard let answer = firstAnswer(trace, place), let behind = firstAnswer(trace, place - 1),
        trace.transmissions[answer].previous < 0, trace.transmissions[behind].next < 0,
        !trace.ranges[place].contains(where: {
          isAnswer(trace.transmissions[$0]) && trace.transmissions[$0].previous >= 0
        })
      else { continue }
      return ProxiedHandshake(
        group: group, between: PointPair(trace.path[place - 1], trace.path[place]),
        boxAnswer: sighting(trace, answer), serverAnswer: sighting(trace, behind))
    }
    return nil
  }

  private static func firstAnswer(_ trace: DirectionTrace, _ place: Int) -> Int? {
    trace.ranges[place].first { isAnswer(trace.transmissions[$0]) }
  }

  private static func isAnswer(_ transmission: Transmission) -> Bool {
    transmission.record.isSYN && transmission.record.hasACK && !transmission.record.isICMPError
  }

  private static func sighting(_ trace: DirectionTrace, _ index: Int) -> PacketEvent.Sighting {
    let record = trace.transmissions[index].record
    return PacketEvent.Sighting(position: trace.position(index), frame: record.frame, timeNS: record.timeNS)
  }
}

extension Transmission {
  /// Whether it belongs to the handshake: SYN, SYN/ACK, or an empty segment before any data of either side.
  var isOfHandshake: Bool {
    record.isSYN || (record.payloadLength == 0 && offset <= 1 && ackOffset <= 1 && !record.isFIN && !record.isRST)
  }
}

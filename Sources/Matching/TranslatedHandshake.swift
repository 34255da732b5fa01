import Flows
import Packets

/// Tells a connection whose sequence numbers a box translates in both directions from the two connections of a proxy,
/// where neither IP ID nor timestamps do.
///
///     through a box                          ended by a proxy
///     SYN ────────▶ SYN' ──────▶             SYN ────────▶
///     ◀──────── SYN/ACK ◀── SYN/ACK'         ◀──────── SYN/ACK    SYN' ──────▶
///     data ───────▶ data' ─────▶             data ───────▶        ◀── SYN/ACK'   data' ─────▶
///
/// Through a box every packet takes about as long as the others of its direction; a proxy answers the first SYN before it
/// sends the second, so handshake and data are out of step by about a round trip. No clock need be right for that.
struct TranslatedHandshake {
  let left: PointTraffic
  let right: PointTraffic

  /// Packets of either connection that are looked at.
  private static let mostPackets = 64
  /// Share of a round trip by which handshake and data may be out of step.
  private static let mostOutOfStep = 0.2

  /// What a box that translates numbers leaves alone of a segment.
  private struct Shape: Hashable {
    var fromClient: Bool
    var sequence: UInt32
    var acknowledgement: UInt32
    var length: UInt32
    var flags: UInt8
    var window: UInt16
  }

  /// Whether the two are one connection, seen before and behind a box.
  func isOneConnection(_ one: Int, _ other: Int) -> Bool {
    let before = times(in: left, one)
    let behind = times(in: right, other)
    let fewer = min(before.count, behind.count)
    guard fewer >= 5 else { return false }
    let common = before.filter { behind[$0.key] != nil }
    guard common.count * 10 >= fewer * 9 else { return false }
    guard let client = step(before, behind, fromClient: true), let server = step(before, behind, fromClient: false),
      let round = handshakeRound(before)
    else { return false }
    return Double(max(client, server)) <= Self.mostOutOfStep * Double(round)
  }

  /// By how much the time that data takes differs from that of the handshake, in one direction.
  private func step(_ before: [Shape: Int64], _ behind: [Shape: Int64], fromClient: Bool) -> Int64? {
    var ofHandshake: Int64?
    var ofData: Int64?
    var firstData = Int64.max
    for (shape, timeNS) in before where shape.fromClient == fromClient {
      guard let arrival = behind[shape] else { continue }
      if shape.flags & TCPFlags.syn != 0 {
        ofHandshake = arrival - timeNS
      } else if shape.length > 0, timeNS < firstData {
        firstData = timeNS
        ofData = arrival - timeNS
      }
    }
    guard let ofHandshake, let ofData else { return nil }
    return abs(ofHandshake - ofData)
  }

  private func handshakeRound(_ times: [Shape: Int64]) -> Int64? {
    let opening = times.filter { $0.key.flags & TCPFlags.syn != 0 }
    guard let syn = opening.first(where: { $0.key.fromClient })?.value,
      let answer = opening.first(where: { !$0.key.fromClient })?.value, answer > syn
    else { return nil }
    return answer - syn
  }

  /// When each shape was first seen.
  private func times(in traffic: PointTraffic, _ connection: Int) -> [Shape: Int64] {
    let summary = traffic.connections[connection]
    var times: [Shape: Int64] = [:]
    for ordinal in traffic.ordinals(of: connection).prefix(Self.mostPackets) {
      let record = traffic.records[ordinal]
      if !record.marks.isDisjoint(with: [.captureCopy, .icmpError, .headerCut]) || record.isRST { continue }
      let fromClient = record.marks.contains(.fromClient)
      let shape = Shape(
        fromClient: fromClient,
        sequence: record.sequence &- summary[fromClient: fromClient].initialSequence,
        acknowledgement: record.hasACK
          ? record.acknowledgement &- summary[fromClient: !fromClient].initialSequence : 0,
        length: record.payloadLength, flags: record.flags, window: record.window)
      if times[shape] == nil { times[shape] = record.timeNS }
    }
    return times
  }
}

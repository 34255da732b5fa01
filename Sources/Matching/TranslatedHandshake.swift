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

  /// What a box that translates numbers leaves alone of a segment, in two numbers, and when it was first seen.
  private struct Shape {
    /// Sequence and acknowledgement number, each counted from the initial one.
    var numbers: UInt64
    /// Length, window, flags, direction.
    var rest: UInt64
    var timeNS: Int64

    var fromClient: Bool { rest & 1 != 0 }
    var isSYN: Bool { UInt8(truncatingIfNeeded: rest >> 8) & TCPFlags.syn != 0 }
    var hasPayload: Bool { rest >> 32 != 0 }

    func isLike(_ other: Shape) -> Bool { numbers == other.numbers && rest == other.rest }

    func isBefore(_ other: Shape) -> Bool {
      numbers != other.numbers ? numbers < other.numbers : rest < other.rest
    }
  }

  /// A shape that both connections have: when it was first seen before the box, and behind it.
  private struct Crossing {
    var shape: Shape
    var arrivalNS: Int64
  }

  /// Whether the two are one connection, seen before and behind a box.
  func isOneConnection(_ one: Int, _ other: Int) -> Bool {
    let before = shapes(in: left, one)
    let behind = shapes(in: right, other)
    let fewer = min(before.count, behind.count)
    guard fewer >= 5 else { return false }
    let common = Self.common(before, behind)
    guard common.count * 10 >= fewer * 9 else { return false }
    guard let client = step(common, fromClient: true), let server = step(common, fromClient: false),
      let round = handshakeRound(before)
    else { return false }
    return Double(max(client, server)) <= Self.mostOutOfStep * Double(round)
  }

  private static func common(_ before: [Shape], _ behind: [Shape]) -> [Crossing] {
    var common: [Crossing] = []
    var place = 0
    for shape in before {
      while place < behind.count, behind[place].isBefore(shape) { place += 1 }
      if place < behind.count, behind[place].isLike(shape) {
        common.append(Crossing(shape: shape, arrivalNS: behind[place].timeNS))
      }
    }
    return common
  }

  /// By how much the time that data takes differs from that of the handshake, in one direction.
  private func step(_ common: [Crossing], fromClient: Bool) -> Int64? {
    var ofHandshake: Int64?
    var ofData: Int64?
    var firstData = Int64.max
    for crossing in common where crossing.shape.fromClient == fromClient {
      let taken = crossing.arrivalNS - crossing.shape.timeNS
      if crossing.shape.isSYN {
        ofHandshake = taken
      } else if crossing.shape.hasPayload, crossing.shape.timeNS < firstData {
        firstData = crossing.shape.timeNS
        ofData = taken
      }
    }
    guard let ofHandshake, let ofData else { return nil }
    return abs(ofHandshake - ofData)
  }

  private func handshakeRound(_ shapes: [Shape]) -> Int64? {
    guard let syn = shapes.first(where: { $0.isSYN && $0.fromClient })?.timeNS,
      let answer = shapes.first(where: { $0.isSYN && !$0.fromClient })?.timeNS, answer > syn
    else { return nil }
    return answer - syn
  }

  /// The shapes of the first packets, each once, in order.
  private func shapes(in traffic: PointTraffic, _ connection: Int) -> [Shape] {
    let summary = traffic.connections[connection]
    var shapes: [Shape] = []
    shapes.reserveCapacity(Self.mostPackets)
    for record in traffic.packets(of: connection, most: Self.mostPackets) {
      if !record.marks.isDisjoint(with: [.captureCopy, .icmpError, .headerCut]) || record.isRST { continue }
      let fromClient = record.marks.contains(.fromClient)
      let sequence = record.sequence &- summary[fromClient: fromClient].initialSequence
      let acknowledgement =
        record.hasACK ? record.acknowledgement &- summary[fromClient: !fromClient].initialSequence : 0
      shapes.append(
        Shape(
          numbers: UInt64(sequence) << 32 | UInt64(acknowledgement),
          rest: UInt64(record.payloadLength) << 32 | UInt64(record.window) << 16 | UInt64(record.flags) << 8
            | (fromClient ? 1 : 0),
          timeNS: record.timeNS))
    }
    // Of those that are alike the first one seen stands first.
    let order = shapes.indices.sorted {
      shapes[$0].isLike(shapes[$1]) ? $0 < $1 : shapes[$0].isBefore(shapes[$1])
    }
    var distinct: [Shape] = []
    distinct.reserveCapacity(order.count)
    for place in order where !(distinct.last?.isLike(shapes[place]) ?? false) { distinct.append(shapes[place]) }
    return distinct
  }
}

import Packets
import TestSupport
package import Verdicts

/// A TCP conversation: handshake, data in turns, close.
package struct TCPConversation: Exchange {
  /// What is sent after what.
  package enum Turn: Sendable {
    /// The client sends so many bytes.
    case client(Int)
    /// The server sends so many bytes.
    case server(Int)
  }

  /// How IP IDs are given.
  package enum IPIDs: Sendable {
    /// One after the other.
    case counter
    /// Always 0.
    case zero
    /// Any.
    case random
  }

  /// How it ends.
  package enum Close: Sendable {
    /// FIN from both sides.
    case fin
    /// RST of the client.
    case reset
    /// Not at all.
    case none
  }

  package var script: [Turn]
  package var legs: (@Sendable (Int) -> Scenario.Leg)?
  package var number = 0
  package var startsAfterNS: Int64 = 0
  package var clientISN: UInt32 = 1_000_000
  package var serverISN: UInt32 = 2_000_000
  package var usesTimestamps = true
  package var usesSACK = true
  package var ipIDs = IPIDs.counter
  package var close = Close.fin
  /// Payload bytes of a segment.
  package var segmentSize = 200
  /// Segments in flight.
  package var window = 8
  /// Time that the client thinks before each of its turns, in nanoseconds.
  package var thinkNS: Int64 = 0

  /// A conversation of these turns.
  package init(script: [Turn]) { self.script = script }

  package func leg(at point: Int, of count: Int) -> Scenario.Leg {
    if let legs { return legs(point) }
    let port = UInt16(40_000 + number)
    return Scenario.Leg(
      client: Endpoint(address: "10.0.0.1", port: port), server: Endpoint(address: "192.0.2.80", port: 80))
  }

  package func ends(seed: UInt64) -> (client: any End, server: any End) {
    var clientSteps: [TCPEnd.Step] = []
    var serverSteps: [TCPEnd.Step] = []
    var (fromClient, fromServer) = (Int64(0), Int64(0))
    for turn in script {
      switch turn {
      case .client(let bytes):
        fromClient += Int64(bytes)
        clientSteps.append(TCPEnd.Step(received: fromServer, sendTo: fromClient))
      case .server(let bytes):
        fromServer += Int64(bytes)
        serverSteps.append(TCPEnd.Step(received: fromClient, sendTo: fromServer))
      }
    }
    let client = TCPEnd(.clientToServer, self, clientSteps, total: fromClient, expected: fromServer, seed: seed)
    let server = TCPEnd(.serverToClient, self, serverSteps, total: fromServer, expected: fromClient, seed: seed)
    return (client, server)
  }

  /// Extra sequence numbers per point, as a firewall gives them that randomises initial ones.
  package func translated(from point: Int, client: UInt32, server: UInt32, sack: Bool = true) -> TCPConversation {
    let base = leg(at: 0, of: 1)
    var copy = self
    copy.legs = { place in
      var leg = base
      if place >= point {
        leg.clientShift = client
        leg.serverShift = server
        leg.translatesSACK = sack
      }
      return leg
    }
    return copy
  }
}

/// One end of a TCP conversation: cumulative and selective ACKs, fast retransmit, timeout; offset 0 is the SYN.
final class TCPEnd: End {
  struct Step {
    var received: Int64
    var sendTo: Int64
  }

  private let direction: Direction
  private let settings: TCPConversation
  private let steps: [Step]
  private let total: Int64
  private let expected: Int64
  private let isn: UInt32
  private let peerISN: UInt32
  private var generator: SplitMix64
  private var nextID: UInt16
  private var unacknowledged: Int64 = 0
  private var next: Int64 = 0
  private var sent: [(offset: Int64, length: Int64)] = []
  private var finSent = false
  private var received: Int64 = 0
  private var peerFinished: Int64?
  private var outOfOrder: [(left: Int64, right: Int64)] = []
  private var repeatedACKs = 0
  private var recoverTo: Int64 = -1
  private var copies: [WirePacket.Label: Int] = [:]
  private var pureACKs = 0
  private var sinceACK = 0
  private var echo: UInt32 = 0
  private var tries = 0
  private var isReset = false
  private(set) var alarm: Int64?
  private static let timeoutNS: Int64 = 300_000_000

  init(
    _ direction: Direction, _ settings: TCPConversation, _ steps: [Step], total: Int64, expected: Int64, seed: UInt64
  ) {
    self.direction = direction
    self.settings = settings
    self.steps = steps
    self.total = total
    self.expected = expected
    let isClient = direction == .clientToServer
    isn = isClient ? settings.clientISN : settings.serverISN
    peerISN = isClient ? settings.serverISN : settings.clientISN
    generator = SplitMix64(seed: seed &* 31 &+ UInt64(settings.number) &* 7 &+ (isClient ? 1 : 2))
    nextID = isClient ? 1000 : 30_000
    nextID = nextID &+ UInt16(settings.number &* 700 & 0x3FFF)
  }

  func start(now: Int64) -> [WirePacket] { direction == .clientToServer ? flush(now, []) : [] }

  func receive(_ packet: WirePacket, now: Int64) -> [WirePacket] {
    guard packet.checksum == .correct, packet.transport == .tcp, !isReset else { return [] }
    if packet.flags.contains(.rst) {
      isReset = true
      alarm = nil
      return []
    }
    if let stamps = packet.timestamps { echo = stamps.value }
    var answers: [WirePacket] = []
    if packet.flags.contains(.ack) { acknowledge(packet, now, &answers) }
    let offset = Self.offset(packet.seq, from: peerISN, near: received)
    let length = Int64(packet.payload.count) + (packet.flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
    if length > 0 {
      let isInOrder = offset <= received && outOfOrder.isEmpty && offset + length > received
      if packet.flags.contains(.fin) { peerFinished = offset + length }
      accept(offset, offset + length)
      sinceACK += 1
      let before = answers.count
      answers = flush(now, answers)
      let mustAnswer =
        !isInOrder || packet.flags.contains(.psh) || packet.flags.contains(.fin) || sinceACK >= 2
        || packet.flags.contains(.syn)
      // What flush sent has carried the acknowledgement.
      if answers.count == before, mustAnswer, next > 0 { answers.append(pureACK(now)) }
      if answers.count > before { sinceACK = 0 }
      return answers
    }
    return flush(now, answers)
  }

  private func accept(_ left: Int64, _ right: Int64) {
    outOfOrder.append((max(left, received), right))
    outOfOrder.removeAll { $0.right <= received }
    outOfOrder.sort { $0 < $1 }
    while let first = outOfOrder.first, first.left <= received {
      received = max(received, first.right)
      outOfOrder.removeFirst()
    }
    var merged: [(left: Int64, right: Int64)] = []
    for range in outOfOrder {
      if let last = merged.last, last.right >= range.left {
        merged[merged.count - 1].right = max(last.right, range.right)
      } else {
        merged.append(range)
      }
    }
    outOfOrder = merged
  }

  private func acknowledge(_ packet: WirePacket, _ now: Int64, _ answers: inout [WirePacket]) {
    let reached = Self.offset(packet.ack, from: isn, near: unacknowledged)
    guard reached <= next, reached >= 0 else { return }
    if reached > unacknowledged {
      unacknowledged = reached
      repeatedACKs = 0
      tries = 0
      // What was acknowledged up to the middle of a segment is on its way piece by piece.
      if unacknowledged < recoverTo, sent.contains(where: { $0.offset == reached }) { answers += retransmit(now) }
      alarm = unacknowledged < next ? now + Self.timeoutNS : nil
    } else if reached == unacknowledged, unacknowledged < next, packet.payload.isEmpty,
      packet.flags.isDisjoint(with: [.syn, .fin])
    {
      repeatedACKs += 1
      // RFC 6582, 3.2: not for ACKs that old copies called forth.
      if repeatedACKs == 3, unacknowledged > recoverTo {
        recoverTo = next
        answers += retransmit(now)
      }
    }
  }

  func wake(now: Int64) -> [WirePacket] {
    guard unacknowledged < next, !isReset else {
      alarm = nil
      return flush(now, [])
    }
    tries += 1
    guard tries < 7 else {
      alarm = nil
      return []
    }
    alarm = now + Self.timeoutNS << Int64(tries)
    recoverTo = next
    return retransmit(now)
  }

  private func retransmit(_ now: Int64) -> [WirePacket] {
    guard let index = sent.firstIndex(where: { $0.offset + $0.length > unacknowledged }) else { return [] }
    return [segment(index, now)]
  }

  /// Sends what may be sent.
  private func flush(_ now: Int64, _ answers: [WirePacket]) -> [WirePacket] {
    var packets = answers
    let isClient = direction == .clientToServer
    if next == 0 {
      guard isClient || received > 0 else { return packets }
      sent.append((0, 1))
      next = 1
      packets.append(segment(0, now))
      alarm = now + Self.timeoutNS
      return packets
    }
    guard unacknowledged > 0, received > 0 else { return packets }
    let before = packets.count
    if isClient, pureACKs == 0, steps.first?.received != 0 || steps.isEmpty { packets.append(pureACK(now)) }
    let gotten = received - 1
    let allowed = steps.last { $0.received <= gotten }?.sendTo ?? 0
    while next < 1 + allowed, next - unacknowledged < Int64(settings.window * settings.segmentSize) {
      if isClient, pureACKs == 0 { packets.append(pureACK(now)) }
      let length = min(Int64(settings.segmentSize), 1 + allowed - next)
      sent.append((next, length))
      next += length
      packets.append(segment(sent.count - 1, now))
    }
    let isDone = next == 1 + total && gotten >= expected
    let mayClose = isClient ? settings.close != .none : peerFinished.map { $0 <= received } ?? false
    if isDone, mayClose, !finSent {
      if isClient, settings.close == .reset {
        isReset = true
        alarm = nil
        packets.append(packet(.init(.rst), next, [.rst, .ack], [], now))
        return packets
      }
      finSent = true
      sent.append((next, 1))
      next += 1
      packets.append(segment(sent.count - 1, now))
    }
    if packets.count > before, unacknowledged < next { alarm = now + Self.timeoutNS }
    return packets
  }

  private func segment(_ index: Int, _ now: Int64) -> WirePacket {
    let (offset, length) = sent[index]
    if offset == 0 {
      let isClient = direction == .clientToServer
      return packet(.init(isClient ? .syn : .synAck), 0, isClient ? .syn : [.syn, .ack], [], now)
    }
    if finSent, index == sent.count - 1 { return packet(.init(.fin), offset, [.fin, .ack], [], now) }
    let isLast = steps.contains { $0.sendTo == offset - 1 + length }
    let fillsWindow = (index + 1).isMultiple(of: settings.window)
    let bytes = (offset..<offset + length).map { StreamBytes.byte(at: $0, direction, settings.number) }
    return packet(.init(.data, index - 1), offset, isLast || fillsWindow ? [.psh, .ack] : .ack, bytes, now)
  }

  private func pureACK(_ now: Int64) -> WirePacket {
    pureACKs += 1
    return packet(.init(.ack, pureACKs - 1), next, .ack, [], now)
  }

  private func packet(
    _ label: WirePacket.Label, _ offset: Int64, _ flags: TCPSegment.Flags, _ payload: [UInt8], _ now: Int64
  ) -> WirePacket {
    var label = label
    label.copy = copies[label, default: 0]
    copies[WirePacket.Label(label.kind, label.index), default: 0] += 1
    var packet = WirePacket(direction, label)
    packet.seq = isn &+ UInt32(truncatingIfNeeded: offset)
    packet.ack = flags.contains(.ack) ? peerISN &+ UInt32(truncatingIfNeeded: received) : 0
    packet.flags = flags
    packet.payload = payload
    if flags.contains(.syn) {
      packet.mss = 1460
      packet.windowScale = 7
      packet.sackPermitted = settings.usesSACK
    } else if settings.usesSACK {
      packet.sack = outOfOrder.prefix(3).map {
        (peerISN &+ UInt32(truncatingIfNeeded: $0.left), peerISN &+ UInt32(truncatingIfNeeded: $0.right))
      }
    }
    if settings.usesTimestamps {
      let side: UInt32 = direction == .clientToServer ? 5_000_000 : 900_000_000
      packet.timestamps = (side &+ UInt32(truncatingIfNeeded: (now - Scenario.start) / 1_000_000), echo)
    }
    switch settings.ipIDs {
    case .zero: packet.ipID = 0
    case .random: packet.ipID = UInt16.random(in: 1 ... .max, using: &generator)
    case .counter:
      nextID &+= 1
      packet.ipID = nextID
    }
    return packet
  }

  private static func offset(_ number: UInt32, from base: UInt32, near: Int64) -> Int64 {
    near + Int64(Int32(truncatingIfNeeded: Int64(number &- base) - near))
  }
}

/// The bytes of a stream: the same at the same place, whoever asks.
package enum StreamBytes {
  /// The byte at an offset.
  package static func byte(at offset: Int64, _ direction: Direction, _ number: Int) -> UInt8 {
    var mixed = UInt64(bitPattern: offset / 8) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(number) &* 977
    mixed &+= direction == .clientToServer ? 1 : 0x5555_5555
    mixed = (mixed ^ mixed >> 31) &* 0xBF58_476D_1CE4_E5B9
    return UInt8(truncatingIfNeeded: mixed >> UInt64(8 * (offset % 8)))
  }
}

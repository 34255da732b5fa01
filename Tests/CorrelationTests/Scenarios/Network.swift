import TestSupport
import Verdicts

/// Carries the packets of a scenario from end to end and writes down what truly happens.
final class Network {
  private struct Happening {
    var time: Int64
    var what: What
  }

  private enum What {
    case atPoint(WirePacket, Int)
    case atEnd(WirePacket)
    case alarm(conversation: Int, client: Bool)
    case start(Int)
    case insert(Int)
    /// A packet that waited in vain for one to be merged with.
    case release(WirePacket, segment: Int)
  }

  private let scenario: Scenario
  private var generator: SplitMix64
  private var queue: [Happening] = []
  private var order = 0
  private var ends: [(client: any End, server: any End)] = []
  private var truth: Truth
  private var captures: [[ScenarioRun.Frame]]
  private var lastArrival: [Int64]
  private var lastSent: [Bool: Int64] = [true: 0, false: 0]
  private var held: [Int: WirePacket] = [:]
  private var nextID = 0

  init(_ scenario: Scenario) {
    self.scenario = scenario
    generator = SplitMix64(seed: scenario.seed)
    truth = Truth(points: scenario.points.count)
    captures = Array(repeating: [], count: scenario.points.count)
    lastArrival = Array(repeating: .min, count: 2 * max(1, scenario.segments.count))
  }

  func run() -> ScenarioRun {
    for (index, conversation) in scenario.conversations.enumerated() {
      ends.append(conversation.ends(seed: scenario.seed))
      schedule(Scenario.start + conversation.startsAfterNS, .start(index))
    }
    for (index, insertion) in scenario.insertions.enumerated() {
      schedule(Scenario.start + insertion.afterNS, .insert(index))
    }
    // The next happening is the last of the queue.
    while let happening = queue.popLast() { handle(happening.what, happening.time) }
    for point in captures.indices { captures[point].sort { ($0.takenNS, $0.order) < ($1.takenNS, $1.order) } }
    return ScenarioRun(scenario: scenario, captures: captures, truth: truth)
  }

  private func schedule(_ time: Int64, _ what: What) {
    var (low, high) = (0, queue.count)
    while low < high {
      let middle = (low + high) / 2
      if queue[middle].time > time { low = middle + 1 } else { high = middle }
    }
    queue.insert(Happening(time: time, what: what), at: low)
    order += 1
  }

  private func handle(_ what: What, _ now: Int64) {
    switch what {
    case .start(let index):
      emit(ends[index].client.start(now: now), index, now, client: true)
      emit(ends[index].server.start(now: now), index, now, client: false)
    case .alarm(let index, let isClient):
      let end = isClient ? ends[index].client : ends[index].server
      guard end.alarm == now else { return }
      emit(end.wake(now: now), index, now, client: isClient)
    case .insert(let index):
      var packet = scenario.insertions[index].packet
      packet.id = newID()
      let towardsServer = packet.direction == .clientToServer
      if let segment = scenario.insertions[index].segment {
        truth.injected[packet.id] = segment
        schedule(now, .atPoint(packet, towardsServer ? segment + 1 : segment))
      } else {
        truth.packets[packet.id] = packet
        schedule(now, .atPoint(packet, towardsServer ? 0 : scenario.points.count - 1))
      }
    case .atEnd(let packet):
      let isServer = packet.direction == .clientToServer
      let end = isServer ? ends[packet.conversation].server : ends[packet.conversation].client
      emit(end.receive(packet, now: now), packet.conversation, now, client: !isServer)
    case .atPoint(let packet, let point):
      pass(packet, point, now)
    case .release(let packet, let segment):
      guard held[packet.id] != nil else { return }
      held[packet.id] = nil
      travel(packet, segment, now, extra: nil)
    }
  }

  private func newID() -> Int {
    defer { nextID += 1 }
    return nextID
  }

  private func emit(_ packets: [WirePacket], _ conversation: Int, _ now: Int64, client: Bool) {
    for packet in packets {
      var packet = packet
      packet.conversation = conversation
      packet.id = newID()
      truth.packets[packet.id] = packet
      // Packets of one burst leave one after the other.
      let time = max(now + 10_000, lastSent[client, default: 0] + 12_000)
      lastSent[client] = time
      schedule(time, .atPoint(packet, client ? 0 : scenario.points.count - 1))
    }
    let end = client ? ends[conversation].client : ends[conversation].server
    if let alarm = end.alarm { schedule(max(alarm, now + 1), .alarm(conversation: conversation, client: client)) }
  }

  private func pass(_ packet: WirePacket, _ point: Int, _ now: Int64) {
    truth.passed[point].append(Truth.Passage(id: packet.id, time: now, direction: packet.direction))
    record(packet, point, now)
    let towardsServer = packet.direction == .clientToServer
    let next = towardsServer ? point + 1 : point - 1
    guard scenario.points.indices.contains(next) else {
      schedule(now + 20_000, .atEnd(packet))
      return
    }
    leave(packet, min(point, next), now)
  }

  private func record(_ packet: WirePacket, _ index: Int, _ now: Int64) {
    let point = scenario.points[index]
    let since = now - Scenario.start
    guard since >= point.startsAfterNS, since <= point.endsAfterNS,
      !(point.pausesNS?.contains(since) ?? false), point.only != packet.direction.opposite
    else { return }
    let leg = scenario.conversations[packet.conversation].leg(at: index, of: scenario.points.count)
    var captured = packet
    if scenario.senderLeavesChecksums, index == 0, packet.direction == .clientToServer { captured.checksum = .wrong }
    var bytes = captured.frame(leg)
    var times = [now]
    if let gap = point.mirrorsAfterNS { times.append(now + gap) }
    for fault in scenario.captureFaults where fault.point == index && fault.matches(packet) {
      switch fault.kind {
      case .miss: return
      case .double(let gap): times.append(now + gap)
      case .damage: bytes[bytes.count - 1] ^= 0x20
      }
    }
    for (copy, time) in times.enumerated() {
      captures[index].append(
        ScenarioRun.Frame(
          timeNS: point.clock(time), takenNS: time, order: order, bytes: Array(bytes.prefix(point.snapLength)),
          wireLength: bytes.count, id: packet.id,
          direction: packet.direction, isCopy: copy > 0))
    }
  }

  private func leave(_ packet: WirePacket, _ segment: Int, _ now: Int64) {
    var packet = packet
    if let waiting = held.values.first(where: {
      $0.conversation == packet.conversation && $0.direction == packet.direction
        && $0.seq &+ UInt32($0.payload.count) == packet.seq && !packet.payload.isEmpty
    }) {
      held[waiting.id] = nil
      packet.seq = waiting.seq
      packet.payload = waiting.payload + packet.payload
      let parents = [waiting.id, packet.id]
      packet.id = newID()
      truth.pieces[packet.id] = parents
    }
    var extra: Int64?
    var copies: [Int64] = []
    var pieces = [packet]
    for impairment in scenario.impairments where impairment.segment == segment && impairment.matches(packet) {
      switch impairment.action {
      case .drop:
        truth.drops[packet.id] = segment
        return
      case .delay(let time): extra = time
      case .duplicate(let gap):
        truth.duplicates[packet.id, default: []].insert(segment)
        copies.append(gap)
      case .edit(let change):
        truth.edits[packet.id, default: []].insert(segment)
        change(&pieces[0])
      case .split(let size, let lost):
        guard pieces[0].payload.count > size else { continue }
        pieces = split(pieces[0], size)
        if let lost, lost < pieces.count {
          truth.drops[pieces[lost].id] = segment
          pieces.remove(at: lost)
        }
      case .mergeWithNext:
        held[packet.id] = pieces[0]
        schedule(now + 5_000_000, .release(pieces[0], segment: segment))
        return
      }
    }
    for piece in pieces {
      travel(piece, segment, now, extra: extra)
      for gap in copies { travel(piece, segment, now, extra: gap) }
    }
  }

  private func split(_ packet: WirePacket, _ size: Int) -> [WirePacket] {
    stride(from: 0, to: packet.payload.count, by: size).enumerated().map { number, offset in
      var piece = packet
      piece.id = newID()
      piece.seq = packet.seq &+ UInt32(offset)
      piece.payload = Array(packet.payload[offset..<min(offset + size, packet.payload.count)])
      if packet.ipID != 0 { piece.ipID = packet.ipID &+ UInt16(number) }
      truth.pieces[piece.id] = [packet.id]
      return piece
    }
  }

  private func travel(_ packet: WirePacket, _ segment: Int, _ now: Int64, extra: Int64?) {
    var packet = packet
    let settings = scenario.segments[segment]
    let towardsServer = packet.direction == .clientToServer
    for transform in scenario.transforms where transform.segment == segment { transform.change(&packet) }
    packet.ttl -= settings.hops
    let next = towardsServer ? segment + 1 : segment
    var arrival = now + (towardsServer ? settings.towardsServerNS : settings.towardsClientNS)
    if settings.jitterNS > 0 { arrival += Int64.random(in: 0...settings.jitterNS, using: &generator) }
    if let extra {
      arrival += extra
    } else {
      let lane = segment * 2 + (towardsServer ? 0 : 1)
      arrival = max(arrival, lastArrival[lane] == .min ? .min : lastArrival[lane] + 2_000)
      lastArrival[lane] = arrival
    }
    schedule(arrival, .atPoint(packet, next))
  }
}

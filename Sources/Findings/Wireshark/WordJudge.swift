import Correlation
import Matching
import Packets
import StreamAnalysis
import Verdicts

/// Says what was behind Wireshark's words for the segments of one connection.
struct WordJudge {
  /// What was behind a word, and what shows it.
  struct Ruling {
    var cause: FlagCause
    var between: PointPair?
    var proof: [(frame: PacketEvent.Sighting, shows: FlagWords.Role)] = []

    static let undecided = Ruling(cause: .undecided)
  }

  let file: CaseFile
  let table: WayTable
  private let events: [UInt64: [Int]]
  private let reversed: Bool
  private var logs: [UInt64: ReceiverLog] = [:]

  /// Packets behind one in the stream that are looked at to see which of them overtook it.
  private static let overtakers = 256
  /// So far back a gap is looked for that an acknowledgement may speak of, in bytes.
  private static let memory: Int64 = 1 << 20

  init(file: CaseFile, group: Int, table: WayTable) {
    self.file = file
    self.table = table
    reversed = file.matched.groups[group].reversed
    var events: [UInt64: [Int]] = [:]
    for index in file.eventsByGroup[group] ?? [] {
      let event = file.tally.events[index]
      for sighting in [event.upstream, event.downstream].compactMap(\.self) {
        events[WayTable.key(sighting.position, sighting.frame), default: []].append(index)
      }
    }
    self.events = events
  }

  /// What was behind the word for a segment at a point.
  mutating func ruling(_ word: WiresharkWord, on segment: FlaggedSegment, at position: Int) -> Ruling {
    if segment.record.marks.contains(.captureCopy) {
      return Ruling(
        cause: .captureCopy,
        proof: segment.copied.map { [(sighting(position, $0, segment.record.timeNS), .copied)] } ?? [])
    }
    let own = table.ways(at: position, frame: segment.record.frame).filter {
      table.ways[$0].direction == segment.direction && table.ways[$0].isTCP
    }
    guard !own.isEmpty else { return .undecided }
    switch word {
    case .lostSegment: return gap(before: own, segment, at: position)
    case .ackLostSegment: return unseen(by: own, segment, at: position)
    default: return repetition(own, at: position)
    }
  }

  /// How far along its way a packet is at a position: greater is nearer to the receiver.
  private func rank(_ position: Int, _ direction: Direction) -> Int {
    (direction == .clientToServer) != reversed ? position : -position
  }

  private func sighting(_ position: Int, _ frame: UInt32, _ timeNS: Int64) -> PacketEvent.Sighting {
    PacketEvent.Sighting(position: position, frame: frame, timeNS: timeNS)
  }

  /// The events that are about a packet; frames that it shares with others do not make theirs its own.
  private func events(of way: PacketWay) -> [PacketEvent] {
    var found: Set<Int> = []
    for sighting in way.sightings { found.formUnion(events[WayTable.key(sighting.position, sighting.frame)] ?? []) }
    return found.sorted().map { file.tally.events[$0] }.filter { event in
      guard event.direction == way.direction, event.isTCP else { return false }
      switch event.kind {
      case .drop: return event.upstream == way.sightings.last || event.evidence.contains(.partial)
      case .duplicate: return event.downstream == way.sightings.first
      default: return [event.upstream, event.downstream].allSatisfy { $0.map(way.sightings.contains) ?? true }
      }
    }
  }
}

// What a segment repeats.
extension WordJudge {
  private mutating func repetition(_ own: [Int], at position: Int) -> Ruling {
    for index in own where table.ways[index].end > table.ways[index].offset {
      let way = table.ways[index]
      if let copy = events(of: way).first(where: { $0.kind == .duplicate }) {
        return Ruling(cause: .networkCopy, between: copy.between, proof: copy.upstream.map { [($0, .copied)] } ?? [])
      }
      let earlier = table.sharing(way.offset..<way.end, way.direction).map { table.ways[$0] }.filter {
        wasSent($0, before: way)
      }
      if !earlier.isEmpty { return repair(by: way, of: earlier) }
      if let late = overtaking(of: way, at: position) { return late }
    }
    return .undecided
  }

  /// Whether a packet set out before another: the point nearest to the sender that has both decides, else the clocks.
  private func wasSent(_ one: PacketWay, before other: PacketWay) -> Bool {
    for sighting in one.sightings {
      guard let there = other.sighting(at: sighting.position) else { continue }
      return sighting.frame != there.frame && sighting.precedes(there)
    }
    guard let first = one.sightings.first, let second = other.sightings.first,
      let error = file.clocks.reports[first.position].errorNS,
      let otherError = file.clocks.reports[second.position].errorNS
    else { return false }
    let between =
      file.clocks.reference(second.timeNS, at: second.position)
      - file.clocks.reference(first.timeNS, at: first.position)
    return between > error + otherError
  }

  /// What a segment was for that carries bytes which were sent before.
  private mutating func repair(by way: PacketWay, of earlier: [PacketWay]) -> Ruling {
    let before = earlier.sorted { ($0.sightings.first?.timeNS ?? 0) < ($1.sightings.first?.timeNS ?? 0) }
    guard let last = way.sightings.last else { return .undecided }
    let arrived = before.first { $0.isComplete || $0.isMerged }?.sightings.last
    let log = log(of: way.direction, at: last.position)
    let told =
      log.arrival(of: way.offset..<way.end, before: last).map { ($0, FlagWords.Role.acknowledged) }
      ?? log.secondArrival(of: way.offset..<way.end, after: last).map { ($0, .reportedTwice) }
    if let arrived, let told {
      return Ruling(cause: .needless, proof: [(arrived, .sentBefore), told])
    }
    for copy in before.reversed() {
      for event in events(of: copy) where event.kind == .drop || event.kind == .corrupt {
        let shown = event.kind == .drop ? event.upstream : event.downstream
        return Ruling(
          cause: event.kind == .drop ? .answersLoss : .answersCorruption, between: event.between,
          proof: shown.map { [($0, event.kind == .drop ? .lost : .corrupt)] } ?? [])
      }
    }
    return Ruling(cause: .repeated, proof: before.last?.sightings.first.map { [($0, .sentBefore)] } ?? [])
  }

  private mutating func log(of direction: Direction, at position: Int) -> ReceiverLog {
    let key = WayTable.key(position, UInt32(direction.rawValue))
    if let log = logs[key] { return log }
    let log = ReceiverLog(table, of: direction, at: position)
    logs[key] = log
    return log
  }

  /// How a packet that was sent once came to stand behind later ones in the capture of a point, if that shows.
  private func overtaking(of way: PacketWay, at position: Int) -> Ruling? {
    let reordering = events(of: way).first {
      $0.kind == .reorder && rank($0.downstreamPosition, way.direction) <= rank(position, way.direction)
    }
    if let reordering {
      return Ruling(
        cause: .reordered, between: reordering.between,
        proof: [(reordering.upstream, FlagWords.Role.inOrder), (reordering.downstream, .overtaken)].compactMap {
          frame, shows in frame.map { ($0, shows) }
        })
    }
    guard let place = way.sightings.firstIndex(where: { $0.position == position }) else { return nil }
    let here = way.sightings[place]
    let neighbours = [place - 1, place + 1].filter(way.sightings.indices.contains).map { way.sightings[$0] }
    for there in neighbours {
      for other in table.beginning(at: way.end, way.direction, most: Self.overtakers) {
        guard let otherHere = table.ways[other].sighting(at: position), otherHere.precedes(here),
          let otherThere = table.ways[other].sighting(at: there.position), there.precedes(otherThere)
        else { continue }
        let lateness = (here.timeNS - there.timeNS) - (otherHere.timeNS - otherThere.timeNS)
        let isNear = lateness.magnitude < UInt64(ReorderJudge.surelyLateNS)
        let isUpstream = rank(there.position, way.direction) < rank(position, way.direction)
        guard isNear || isUpstream else { continue }
        return Ruling(
          cause: isNear ? .captureOrder : .reordered, between: PointPair(there.position, position),
          proof: [(there, .inOrder), (otherHere, .overtook)])
      }
    }
    return nil
  }
}

// What a segment, or an acknowledgement, finds missing.
extension WordJudge {
  /// What became of the bytes before a segment.
  private func gap(before own: [Int], _ segment: FlaggedSegment, at position: Int) -> Ruling {
    guard segment.gap > 0, let start = own.map({ table.ways[$0].offset }).min() else { return .undecided }
    if let changed = change(of: own, .sequence, at: position) { return changed }
    var missed: Ruling?
    var late: Ruling?
    for index in table.sharing(start - segment.gap..<start, segment.direction) {
      let way = table.ways[index]
      let events = events(of: way)
      let loss = events.first {
        $0.kind == .drop && rank($0.downstreamPosition, way.direction) <= rank(position, way.direction)
      }
      if let loss {
        return Ruling(cause: .lostUpstream, between: loss.between, proof: loss.upstream.map { [($0, .lost)] } ?? [])
      }
      if missed == nil { missed = miss(events, at: position) }
      if late == nil, let cameLater = way.sighting(at: position), cameLater.timeNS >= segment.record.timeNS {
        late = overtaking(of: way, at: position)
        late?.proof.insert((cameLater, .cameLater), at: 0)
      }
    }
    return missed ?? late ?? pause(segment, at: position) ?? .undecided
  }

  /// Why a point lacks the bytes that a segment acknowledges.
  private func unseen(by own: [Int], _ segment: FlaggedSegment, at position: Int) -> Ruling {
    if let changed = change(of: own, .acknowledgement, at: position) { return changed }
    if file.oneWay[position] == segment.direction { return Ruling(cause: .oneDirection) }
    guard let end = own.map({ table.ways[$0].ackOffset }).max() else { return .undecided }
    var late: Ruling?
    for index in table.sharing(end - max(1, segment.newlyAcknowledged)..<end, segment.direction.opposite) {
      let way = table.ways[index]
      if let missed = miss(events(of: way), at: position) { return missed }
      // What is acknowledged has passed: a capture that shows it afterwards has changed the order.
      if late == nil, let cameLater = way.sighting(at: position), cameLater.timeNS >= segment.record.timeNS {
        late = Ruling(cause: .captureOrder, proof: [(cameLater, .cameLater)])
      }
    }
    return pause(segment, at: position) ?? late ?? earlierMiss(before: end, segment, at: position) ?? .undecided
  }

  /// What the capture missed further back: Wireshark says the word again of later bytes while it waits for those.
  private func earlierMiss(before end: Int64, _ segment: FlaggedSegment, at position: Int) -> Ruling? {
    for index in table.sharing(end - Self.memory..<end, segment.direction.opposite).reversed() {
      if let missed = miss(events(of: table.ways[index]), at: position) { return missed }
    }
    return nil
  }

  private func miss(_ events: [PacketEvent], at position: Int) -> Ruling? {
    guard let event = events.first(where: { $0.kind == .notCaptured && $0.point == position }) else { return nil }
    let seen = [event.downstream, event.upstream].compactMap(\.self).filter { $0.position != position }
    return Ruling(cause: .captureMissed, proof: seen.map { ($0, .seenElsewhere) })
  }

  private func pause(_ segment: FlaggedSegment, at position: Int) -> Ruling? {
    guard position < file.tally.pauses.count,
      file.tally.pauses[position].contains(where: {
        $0.lowerBound <= segment.record.timeNS && segment.previousNS <= $0.upperBound
      })
    else { return nil }
    return Ruling(cause: .capturePaused)
  }

  /// The change of a segment's own number on its way to a point, if there was one.
  private func change(of own: [Int], _ field: Field, at position: Int) -> Ruling? {
    for index in own {
      let way = table.ways[index]
      let change = events(of: way).first {
        $0.kind == .rewrite && $0.field == field
          && rank($0.downstreamPosition, way.direction) <= rank(position, way.direction)
      }
      if let change {
        return Ruling(
          cause: .changedNumber, between: change.between, proof: change.upstream.map { [($0, .unchanged)] } ?? [])
      }
    }
    return nil
  }
}

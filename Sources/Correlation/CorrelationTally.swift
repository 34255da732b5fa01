public import Verdicts

/// What correlating the connections gave.
public struct CorrelationTally: Sendable {
  /// Ledgers by segment.
  public internal(set) var segments: SegmentTable
  /// What happened to single packets.
  public internal(set) var events: [PacketEvent] = []
  /// Changes of addresses and ports by connection, segment and direction.
  public internal(set) var translations: [AddressTranslation] = []
  /// Changes of other fields by connection, segment and direction.
  public internal(set) var rewrites: [FieldRewrite] = []
  /// For each position, packets that the capture made a further copy of, told only by the points after it.
  public internal(set) var captureCopies: [Int: Int] = [:]
  /// For each position, packets that passed it and are not in its capture.
  public internal(set) var missed: [Int: Int] = [:]
  /// For each position, when its capture paused though packets passed, by its own clock; empty where none did.
  public internal(set) var pauses: [[ClosedRange<Int64>]] = []
  /// By segment, packets that changed places with neighbours too close for the captures to be sure of the order.
  public internal(set) var closeOrder: [PointPair: Int] = [:]
  /// Packets that left a NAT box untranslated.
  public internal(set) var leaks: [LeakedPacket] = []
  /// Handshakes that a box on a segment answered itself.
  public internal(set) var proxiedHandshakes: [ProxiedHandshake] = []
  /// For each position, datagrams that first appear there, where nothing tells whether the capture before missed them.
  public internal(set) var unexplained: [Int: Int] = [:]
  /// Connections that could not be told apart, and are counted in no ledger.
  public internal(set) var ambiguousGroups = 0
  /// Connections of which nothing tells on which side their client is; they are counted in no ledger.
  public internal(set) var groupsWithoutHeading = 0
  /// Losses that only the last capture's lack speaks for; decided once all connections are known.
  var unproven: [PacketEvent] = []
  /// Losses that nothing but the lack of several captures speaks for; decided once all connections are known.
  var lackedBySeveral: [(event: PacketEvent, positions: [Int])] = []
  /// Losses near the end of the downstream capture, and what proves them otherwise.
  private var atTheEnd: [(PacketEvent, proof: LossProof)] = []

  /// Packets that first appear at a point and look like the connection's own; decided once all connections are known.
  private var births: [(event: PacketEvent, lackedBy: [Int])] = []
  /// Packets that equal an earlier one and may have been missed upstream as well; decided once all are known.
  private var doubtfulCopies: [(event: PacketEvent, lackedBy: [Int])] = []
  /// Repeats of what was lost, sent behind the last packet of the next point's capture; decided once all are known.
  var refusedBehindEnd: [(event: PacketEvent, proof: LossProof)] = []
  /// Other packets that were sent so.
  var sentBehindEnd: [OneWay: Int] = [:]
  /// Positions that packets passed behind the last packet of their capture, as the next point shows.
  var passedBehindEnd: Set<Int> = []
  /// Packets that were overtaken by so little that it takes several to show it; decided once all are known.
  var slightlyReordered: [PacketEvent] = []
  /// For each position, packets of others that passed it before its capture began, after it ended or while it paused.
  public internal(set) var passedUncaptured: [Int: Int] = [:]
  /// For each position, packets whose bytes its capture damaged.
  public internal(set) var damaged: [Int: Damage] = [:]
  /// For each position, packets of followed connections in its capture; `nil` where none was to pass it.
  private(set) var seen: [Int?]

  /// Nothing yet, of a path with so many points.
  init(points: Int) {
    segments = SegmentTable(points: points)
    seen = Array(repeating: nil, count: points)
  }

  /// Adds a loss so near to the end of the downstream capture that the packet may only have been late.
  mutating func addLossAtTheEnd(_ event: PacketEvent, _ proof: LossProof) {
    atTheEnd.append((event, proof))
  }

  /// Decides the losses at the end: a packet that was sent later and arrived shows that this one should have, too.
  mutating func settleAtTheEnd() {
    for (event, proof) in atTheEnd {
      let segment = segments[event.between, default: SegmentTally()]
      if event.time < segment.lastDelivered(event.direction) {
        addLoss(event, proof)
      } else {
        segments[event.between, default: SegmentTally()][event.direction].outsideCoverage += 1
      }
    }
    atTheEnd = []
  }

  /// Adds a loss that is proven, or one to be decided once all connections are known.
  mutating func addLoss(_ event: PacketEvent, _ proof: LossProof) {
    switch proof {
    case .proven: addProvenLoss(event)
    case .lackedBySeveral(let positions): lackedBySeveral.append((event, positions))
    case .lackedByLast: unproven.append(event)
    }
  }

  mutating func addProvenLoss(_ event: PacketEvent) {
    segments[event.between, default: SegmentTally()][event.direction].lost += 1
    segments[event.between, default: SegmentTally()][event.direction].lostBytes += Int(event.length)
    events.append(event)
  }

  /// Adds a capture's miss; the ledger of the segment is the caller's, as the packet may never have been offered there.
  mutating func addMiss(_ event: PacketEvent) {
    if let point = event.point { missed[point, default: 0] += 1 }
    events.append(event)
  }

  mutating func addInjection(_ event: PacketEvent) {
    segments[event.between, default: SegmentTally()][event.direction].injected += 1
    events.append(event)
  }

  mutating func addDuplicate(_ event: PacketEvent) {
    segments[event.between, default: SegmentTally()][event.direction].duplicated += 1
    events.append(event)
  }

  /// Adds a packet that first appears at a point and has the TTL of its connection's other packets there.
  mutating func addBirth(_ event: PacketEvent, lackedBy positions: [Int]) {
    births.append((event, positions))
  }

  /// Adds a packet that equals the one before it, where nothing tells a copy from a second packet of the host.
  mutating func addDoubtfulCopy(_ event: PacketEvent, lackedBy positions: [Int]) {
    doubtfulCopies.append((event, positions))
  }

  /// Decides such copies by what the segment and the captures upstream do otherwise: hosts seldom send the same
  /// acknowledgement twice at once, so without a known miss it is a copy.
  mutating func settleDoubtfulCopies() {
    if doubtfulCopies.isEmpty { return }
    let (segments, missed) = (segments, missed)
    for (event, positions) in doubtfulCopies {
      let copies = segments[event.between]?[event.direction].duplicated ?? 0
      let misses = positions.reduce(Int.max) { min($0, missed[$1] ?? 0) }
      if misses > copies {
        for position in positions { addMiss(event.missed(at: position)) }
      } else {
        var event = event
        event.confidence = copies > misses ? 0.85 : 0.7
        addDuplicate(event)
      }
    }
    doubtfulCopies = []
  }

  /// Adds what was counted elsewhere, of other connections.
  ///
  /// Lists stay in the order of the connections, so that it does not matter how these were divided; nothing may have been
  /// settled yet.
  mutating func merge(_ other: CorrelationTally) {
    segments.merge(other.segments)
    events = Self.merged(events, other.events, by: \.group)
    translations = Self.merged(translations, other.translations, by: \.group)
    rewrites = Self.merged(rewrites, other.rewrites, by: \.group)
    leaks = Self.merged(leaks, other.leaks, by: \.group)
    proxiedHandshakes = Self.merged(proxiedHandshakes, other.proxiedHandshakes, by: \.group)
    unproven = Self.merged(unproven, other.unproven, by: \.group)
    lackedBySeveral = Self.merged(lackedBySeveral, other.lackedBySeveral, by: \.event.group)
    atTheEnd = Self.merged(atTheEnd, other.atTheEnd, by: \.0.group)
    births = Self.merged(births, other.births, by: \.event.group)
    refusedBehindEnd = Self.merged(refusedBehindEnd, other.refusedBehindEnd, by: \.event.group)
    passedBehindEnd.formUnion(other.passedBehindEnd)
    sentBehindEnd.merge(other.sentBehindEnd, uniquingKeysWith: +)
    slightlyReordered = Self.merged(slightlyReordered, other.slightlyReordered, by: \.group)
    doubtfulCopies = Self.merged(doubtfulCopies, other.doubtfulCopies, by: \.event.group)
    captureCopies.merge(other.captureCopies, uniquingKeysWith: +)
    missed.merge(other.missed, uniquingKeysWith: +)
    for (position, packets) in other.seen.enumerated() { if let packets { addSeen(position, packets) } }
    passedUncaptured.merge(other.passedUncaptured, uniquingKeysWith: +)
    damaged.merge(other.damaged) { $0.joined(with: $1) }
    closeOrder.merge(other.closeOrder, uniquingKeysWith: +)
    ambiguousGroups += other.ambiguousGroups
    groupsWithoutHeading += other.groupsWithoutHeading
  }

  /// Two lists in the order of their connections as one.
  private static func merged<Item>(_ left: [Item], _ right: [Item], by group: (Item) -> Int) -> [Item] {
    if right.isEmpty { return left }
    if left.isEmpty { return right }
    var all: [Item] = []
    all.reserveCapacity(left.count + right.count)
    var (one, other) = (0, 0)
    while one < left.count, other < right.count {
      if group(left[one]) <= group(right[other]) {
        all.append(left[one])
        one += 1
      } else {
        all.append(right[other])
        other += 1
      }
    }
    all.append(contentsOf: left[one...])
    all.append(contentsOf: right[other...])
    return all
  }

  mutating func addSeen(_ position: Int, _ packets: Int) { seen[position] = (seen[position] ?? 0) + packets }

  /// Decides whether packets that first appear at a point were injected there, or missed by all captures upstream.
  ///
  /// One capture misses packets now and then; several miss the same one as often as the product of their rates. More
  /// than that is no chance.
  mutating func settleBirths() {
    var alike: [BirthPlace: [(event: PacketEvent, lackedBy: [Int])]] = [:]
    for birth in births {
      alike[BirthPlace(position: birth.event.downstream?.position ?? 0, lackedBy: birth.lackedBy), default: []]
        .append(birth)
    }
    let known = missRates()
    let places = alike.sorted { $0.key < $1.key }
    for (place, born) in places where place.lackedBy.count == 1 {
      for birth in born {
        // Of a datagram nothing says that its sender sent it: a capture that misses nothing else need not have missed it.
        if !birth.event.isTCP, place.lackedBy.allSatisfy({ known[$0] ?? 0 == 0 }) {
          unexplained[place.position, default: 0] += 1
        } else {
          for position in birth.lackedBy { addMiss(birth.event.missed(at: position)) }
        }
      }
    }
    // How often a capture misses packets shows in those, too, where acknowledgements alone pass it the other way.
    let missRate = missRates()
    for (place, born) in places where place.lackedBy.count > 1 {
      let expected = place.lackedBy.reduce(Double(seen[place.position] ?? 0)) { $0 * (missRate[$1] ?? 0) }
      let isChance = Double(born.count) <= 3 * expected + 1 && expected > 0.05
      for birth in born {
        if isChance {
          for position in birth.lackedBy { addMiss(birth.event.missed(at: position)) }
        } else {
          addInjection(birth.event)
        }
      }
    }
    births = []
  }

  /// Where packets first appear, and which captures lack them.
  private struct BirthPlace: Hashable, Comparable {
    var position: Int
    var lackedBy: [Int]

    static func < (left: BirthPlace, right: BirthPlace) -> Bool {
      left.position == right.position
        ? left.lackedBy.lexicographicallyPrecedes(right.lackedBy) : left.position < right.position
    }
  }

  /// For each position, the share of packets that its capture is known to have missed.
  func missRates() -> [Int: Double] {
    var rates: [Int: Double] = [:]
    for (position, packets) in seen.enumerated() {
      guard let packets else { continue }
      let misses = Double(missed[position] ?? 0)
      rates[position] = misses / max(1, Double(packets) + misses)
    }
    return rates
  }

  mutating func addReordering(_ event: PacketEvent) {
    segments[event.between, default: SegmentTally()][event.direction].reordered += 1
    events.append(event)
  }

  mutating func addRewrite(_ event: PacketEvent) {
    if event.kind == .corrupt {
      segments[event.between, default: SegmentTally()][event.direction].corrupted += 1
    } else {
      segments[event.between, default: SegmentTally()][event.direction].rewritten += 1
    }
    events.append(event)
  }
}

extension PacketEvent {
  /// The time by the clock of the point where it was seen first.
  public var time: Int64 { (upstream ?? downstream)?.timeNS ?? 0 }

  /// The same packet as one that a capture upstream missed.
  fileprivate func missed(at position: Int) -> PacketEvent {
    var event = self
    event.kind = .notCaptured
    event.point = position
    event.upstream = nil
    event.evidence.remove(.twinDownstream)
    event.evidence.insert(.absentUpstream)
    event.confidence = 0.85
    return event
  }

  /// Position of the segment's end that the packet was on its way to.
  public var downstreamPosition: Int {
    guard let upstream else { return between.far }
    return upstream.position == between.near ? between.far : between.near
  }
}

extension CorrelationTally {
  /// The bounds on the points' clocks that the correlated packets give.
  public func clockBounds(points: Int) -> ClockBounds { ClockBounds(count: points, segments: segments) }

  /// One-way delays of a segment in the direction away from, or towards, the near point; `nil` without packets or clocks.
  ///
  /// - Parameter offset: offset of the far point's clock minus the near one's, at a time by the near one.
  public func delays(
    _ pair: PointPair, towardsFar: Bool, errorNS: Int64, offset: (Int64) -> Int64
  ) -> DelaySummary? {
    guard let segment = segments[pair] else { return nil }
    let differences = towardsFar ? segment.towardsFar : segment.towardsNear
    let sign: Int64 = towardsFar ? 1 : -1
    func delay(_ sample: TimeDifferences.Sample) -> Int64 { sign * (sample.differenceNS - offset(sample.nearNS)) }
    let sorted = differences.samples.map(delay).sorted()
    guard let least = sorted.first, let most = sorted.last else { return nil }
    let fastest = differences.fastest.map(delay).min() ?? least
    func percentile(_ share: Double) -> Int64 { sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))] }
    return DelaySummary(
      minNS: min(least, fastest), p50NS: percentile(0.5), p95NS: percentile(0.95), p99NS: percentile(0.99),
      maxNS: most, errorNS: errorNS)
  }
}

/// Packets whose bytes a capture damaged.
public struct Damage: Sendable, Equatable {
  /// Number of packets.
  public var packets: Int
  /// The point's number of the first of their frames.
  public var firstFrame: UInt32

  func joined(with other: Damage) -> Damage {
    Damage(packets: packets + other.packets, firstFrame: min(firstFrame, other.firstFrame))
  }
}

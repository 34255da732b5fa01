public import Packets

/// Sorts the packets of one point into connections, in one pass.
///
/// Not thread-safe; one builder for each point. Cost per packet: one decode, a look into
/// a small table of the latest connections, one record packed.
public struct PointBuilder {
  private let store: RecordStore
  private var table = FlowTable()
  private var memo = FlowMemo()
  private let connections = ConnectionTable()
  /// Of each connection, how its records are packed.
  private let packers = MappedTable<RecordPacker>()
  private var counts = PointCounts()
  private var lastFrame: UInt32 = 0
  private var firstNS = Int64.max
  private var lastNS = Int64.min
  private var previousNS = Int64.min
  /// Frames up to the one at hand that have the time of the one before; 0 if it has a time of its own.
  private var untimedInARow = 0
  private var silences = Silences()
  private var twinWatch = TwinWatch()
  private var packet = DecodedPacket()
  private var fragments = FragmentTable()
  private var firstFromClientNS = Int64.max
  private var firstFromServerNS = Int64.max
  /// Fragments that were kept behind packets which came after them.
  private var late = LateRecords()

  /// A datagram flow that was silent for this long is taken for a new one, as NAT boxes do (RFC 4787, 4.3).
  static let datagramIdleNS: Int64 = 120_000_000_000

  /// Points with fewer packets are searched for copies whatever the watch saw.
  private static let alwaysSearched = 4096

  /// A builder that keeps up to `memoryBudget` bytes of records in memory and the rest in a temporary file.
  public init(memoryBudget: Int = .max) {
    self.init(RecordStore(memoryBudget: memoryBudget))
  }

  /// A builder that packs records into this store.
  init(_ store: RecordStore) { self.store = store }

  /// Takes one frame.
  ///
  /// - Parameters:
  ///   - timeNS: capture time in nanoseconds since the Unix epoch.
  ///   - frame: its number within the point, from 1, running on over the point's files.
  ///   - wireLength: length on the wire in bytes.
  ///   - bytes: the captured bytes, from the link layer on.
  ///   - decoder: the decoder for the frame's link type.
  /// - Returns: what the frame was.
  @discardableResult
  public mutating func add(
    timeNS: Int64, frame: UInt32, wireLength: Int, bytes: RawSpan, decoder: PacketDecoder
  ) -> DecodeOutcome {
    let timeNS = take(timeNS)
    lastFrame = max(lastFrame, frame)
    if decoder.isOnAir { counts.onAir += 1 }
    var segment = CommonSegment()
    guard untimedInARow == 0, decoder.decode(bytes, wireLength: wireLength, into: &segment) else {
      return decode(bytes, wireLength: wireLength, with: decoder, timeNS: timeNS, frame: frame)
    }
    segment.record.timeNS = timeNS
    segment.record.frame = frame
    guard let (connection, fromClient) = memo.find(segment) else {
      addUnknown(segment)
      return .packet
    }
    segment.record.connection = UInt32(truncatingIfNeeded: connection)
    if fromClient { segment.record.marks.formUnion(.fromClient) }
    enter(segment.record, TransportProtocol.tcp, fromClient: fromClient)
    return .packet
  }

  /// Takes a segment whose connection must be looked up.
  @inline(never)
  private mutating func addUnknown(_ segment: CommonSegment) {
    packet = DecodedPacket(segment)
    let (connection, fromClient) = assignConnection()
    memo.note(segment, number: connection, isForward: fromClient)
    enterWhole(connection, fromClient: fromClient)
  }

  @inline(never)
  private mutating func decode(
    _ bytes: RawSpan, wireLength: Int, with decoder: PacketDecoder, timeNS: Int64, frame: UInt32
  ) -> DecodeOutcome {
    let outcome = decoder.decode(bytes, wireLength: wireLength, into: &packet)
    switch outcome {
    case .packet: addDecoded(timeNS: timeNS, frame: frame)
    case .notIP: counts.notIP += 1
    case .malformed: counts.malformed += 1
    }
    return outcome
  }

  /// Counts a frame of a link type that no decoder reads.
  public mutating func addUnread(timeNS: Int64) { _ = take(timeNS) }

  /// Takes note of a frame whose number is beyond 32 bits; ``PointTraffic/records`` says so.
  public func refuseFrame() { store.refuseMoreFrames() }

  /// Counts a frame and gives the time that it is taken to have.
  ///
  /// Times are taken to lie between 1970 and 2096, so that sums and differences of two never overflow.
  @inline(__always)
  private mutating func take(_ timeNS: Int64) -> Int64 {
    var timeNS = min(max(timeNS, 0), 4_000_000_000_000_000_000)
    if timeNS < Self.earliestNS { timeNS = repaired(timeNS) } else if untimedInARow > 0 { untimedInARow = 0 }
    previousNS = timeNS
    counts.frames += 1
    if timeNS < firstNS { firstNS = timeNS }
    if timeNS > lastNS {
      silences.add(from: lastNS, to: timeNS)
      lastNS = timeNS
    }
    return timeNS
  }

  /// The time of a frame whose own lies before there were captures: where all before it had usable times, that of the last.
  ///
  /// Where many such frames follow one another, the clock was set, and they are believed.
  @inline(never)
  private mutating func repaired(_ timeNS: Int64) -> Int64 {
    guard firstNS >= Self.earliestNS, counts.frames > 0, untimedInARow < Self.mostUntimedInARow else {
      untimedInARow = 0
      return timeNS
    }
    untimedInARow += 1
    counts.untimed += 1
    return previousNS
  }

  /// The first of January 1988, when tcpdump was written.
  private static let earliestNS: Int64 = 567_993_600_000_000_000
  private static let mostUntimedInARow = 8

  private mutating func addDecoded(timeNS: Int64, frame: UInt32) {
    packet.record.timeNS = timeNS
    packet.record.frame = frame
    if untimedInARow > 0 { packet.record.marks.insert(.untimed) }
    if packet.record.marks.contains(.fragment) { return addFragment() }
    addWhole()
  }

  /// Takes the packet at hand, which tells its connection.
  private mutating func addWhole() {
    let (connection, fromClient) = assignConnection()
    enterWhole(connection, fromClient: fromClient)
  }

  /// Takes the packet at hand, whose connection is known.
  private mutating func enterWhole(_ connection: Int, fromClient: Bool) {
    packet.record.connection = UInt32(truncatingIfNeeded: connection)
    if fromClient { packet.record.marks.insert(.fromClient) }
    enter(packet.record, packet.transport, fromClient: fromClient)
  }

  /// Takes a packet whose connection and sender are known.
  @inline(__always)
  private mutating func enter(_ record: PacketRecord, _ transport: UInt8, fromClient: Bool) {
    if lacksSide { noteFirst(record.timeNS, fromClient: fromClient) }
    count(record, transport)
    twinWatch.add(record)
    keep(record, fromClient: fromClient)
  }

  /// Whether nothing came from any client so far, or nothing from any server.
  @inline(__always)
  private var lacksSide: Bool { max(firstFromClientNS, firstFromServerNS) == .max }

  @inline(never)
  private mutating func noteFirst(_ timeNS: Int64, fromClient: Bool) {
    if fromClient {
      if firstFromClientNS == .max { firstFromClientNS = timeNS }
    } else if firstFromServerNS == .max {
      firstFromServerNS = timeNS
    }
  }

  /// Puts a record behind the others of its connection.
  @inline(__always)
  private mutating func keep(_ record: PacketRecord, fromClient: Bool) {
    let connection = Int(record.connection)
    Self.summarise(record, fromClient: fromClient, into: &connections[at: connection])
    if let line = packers[at: connection].pack(record, in: store) { begin(connection, at: line) }
  }

  /// Takes note of where the records of a connection begin.
  @inline(never)
  private func begin(_ connection: Int, at line: UInt32) { connections[at: connection].firstLine = line }

  /// Takes the fragment at hand, whose connection the first fragment of its datagram tells.
  @inline(never)
  private mutating func addFragment() {
    let (key, timeNS) = (FragmentTable.Key(packet), packet.record.timeNS)
    let (slot, isKnown) = fragments.find(key, timeNS: timeNS)
    if !isKnown {
      settle(fragments.takeWaiting(in: slot), of: slot)
      fragments.open(key, in: slot, timeNS: timeNS)
    }
    let fragment = packet.fragment
    if fragments.note(fragment, packet.record, in: slot) { counts.overlappingFragments += 1 }
    if fragment.offset == 0 {
      addWhole()
      let headerLength = UInt32(fragment.length) &- packet.record.payloadLength
      let first = FragmentTable.First(
        record: packet.record, headerLength: packet.record.marks.contains(.headerCut) ? 0 : headerLength,
        isTCP: packet.transport == TransportProtocol.tcp)
      fragments.setFirst(first, in: slot)
      for early in fragments.takeWaiting(in: slot) { join(early, first) }
    } else if let first = fragments.first(in: slot) {
      packet.record.join(first, offset: fragment.offset)
      count(packet.record, packet.transport)
      enterFragment(packet.record)
    } else {
      if fragments.waiting.count == FragmentTable.mostWaiting, let oldest = fragments.waiting.first {
        settle(fragments.takeWaiting(in: oldest.slot), of: oldest.slot)
      }
      count(packet.record, packet.transport)
      fragments.wait(FragmentTable.Waiting(record: packet.record, slot: slot, offset: fragment.offset))
    }
  }

  /// Gives a fragment that came before the first one to its connection.
  private mutating func join(_ early: FragmentTable.Waiting, _ first: FragmentTable.First) {
    var record = early.record
    record.join(first, offset: early.offset)
    enterLate(record)
  }

  /// Gives fragments whose first one never came to a connection without ports.
  private mutating func settle(_ orphans: [FragmentTable.Waiting], of slot: Int) {
    guard !orphans.isEmpty, let key = fragments.key(in: slot) else { return }
    let atHand = packet
    for orphan in orphans {
      packet = DecodedPacket()
      packet.source.address = key.source
      packet.destination.address = key.destination
      packet.transport = key.transport
      packet.record = orphan.record
      let (connection, fromClient) = assignConnection()
      packet.record.connection = UInt32(truncatingIfNeeded: connection)
      if fromClient { packet.record.marks.insert(.fromClient) }
      enterLate(packet.record)
    }
    packet = atHand
  }

  private mutating func enterLate(_ record: PacketRecord) {
    var record = record
    late.add(&record)
    enterFragment(record)
  }

  /// Enters a fragment that has no header of its own into its connection.
  private mutating func enterFragment(_ record: PacketRecord) {
    twinWatch.add(record)
    keep(record, fromClient: record.marks.contains(.fromClient))
  }

  @inline(__always)
  private mutating func count(_ record: PacketRecord, _ transport: UInt8) {
    if transport == TransportProtocol.tcp, record.payloadLength > 1460 { counts.largeSegments += 1 }
    if !record.marks.isDisjoint(with: Self.cut) { counts.cut += 1 }
    counts.trafficClasses |= record.trafficClass
    if record.marks.isDisjoint(with: Self.rarelyCounted), record.tunnel == nil { return }
    if record.marks.contains(.fragment) { counts.fragments += 1 }
    if record.tunnel != nil { counts.tunnelled += 1 }
    if record.marks.contains(.checksumVerified) { counts.verifiedChecksums += 1 }
    if record.marks.contains(.badChecksum) { counts.badChecksums += 1 }
  }

  private static var cut: PacketRecord.Marks { .payloadCut.union(.headerCut) }
  private static var rarelyCounted: PacketRecord.Marks { .fragment.union(.checksumVerified).union(.badChecksum) }

  /// The connection of the packet at hand, and whether the client sent it.
  private mutating func assignConnection() -> (Int, Bool) {
    if packet.record.marks.contains(.icmpError), let found = quotedConnection() { return found }
    let hash = table.hash(packet.source, packet.destination, transport: packet.transport)
    if let id = find(hash, packet.source, packet.destination, packet.transport), isInMidstream || belongs(to: id) {
      return (id, connections[at: id].client == packet.source)
    }
    return open(hash)
  }

  /// The newest connection between two endpoints.
  @inline(__always)
  private func find(_ hash: UInt64, _ one: Endpoint, _ other: Endpoint, _ transport: UInt8) -> Int? {
    table.find(hash) { connections[at: $0].isBetween(one, other, transport) }
  }

  /// The connection that an ICMP error speaks of; it travels towards the sender of the packet that it quotes.
  @inline(never)
  private func quotedConnection() -> (Int, Bool)? {
    let (source, destination, transport) = (packet.quotedSource, packet.quotedDestination, packet.quotedTransport)
    let hash = table.hash(source, destination, transport: transport)
    guard let id = find(hash, source, destination, transport) else { return nil }
    return (id, connections[at: id].server == packet.quotedSource)
  }

  /// Whether the packet at hand is a segment that opens nothing.
  @inline(__always)
  private var isInMidstream: Bool { packet.transport == TransportProtocol.tcp && !packet.record.isSYN }

  /// Whether the packet at hand continues this connection, rather than opening another one on the same addresses.
  @inline(never)
  private func belongs(to id: Int) -> Bool {
    let record = packet.record
    guard packet.transport == TransportProtocol.tcp else {
      return record.timeNS - connections[at: id].lastNS < Self.datagramIdleNS
    }
    let fromClient = connections[at: id].client == packet.source
    let side = connections[at: id][fromClient: fromClient]
    // The repeat of one that was damaged has other numbers.
    if side.synIsDamaged, !record.marks.contains(.badChecksum) { return true }
    if !record.hasACK {
      if side.sawSYN { return side.initialSequence == record.sequence }
      // Where the capture missed a SYN that was answered, its repeat comes after the answer.
      if fromClient {
        let server = connections[at: id].serverSide
        return server.sawSYN && server.synAcknowledgement == record.sequence &+ 1
      }
      // A simultaneous open (RFC 9293, 3.5) has a SYN from each side before anything else.
      return connections[at: id].clientSide.sawSYN
    }
    if !side.sawSYN { return !fromClient || connections[at: id].orientation != .syn }
    let sameOpening = side.synAcknowledgement == record.acknowledgement
    return side.initialSequence == record.sequence || sameOpening
  }

  @inline(never)
  private mutating func open(_ hash: UInt64) -> (Int, Bool) {
    let record = packet.record
    var orientation = PointConnection.Orientation.firstDatagram
    var sourceIsClient = true
    if packet.transport == TransportProtocol.tcp {
      if record.isSYN {
        orientation = record.hasACK ? .synAck : .syn
        sourceIsClient = !record.hasACK
      } else {
        orientation = .ports
        sourceIsClient = packet.source.port >= packet.destination.port
      }
    } else if packet.transport == TransportProtocol.icmp || packet.transport == TransportProtocol.icmpV6 {
      // An echo reply without its request: the asker is the client.
      let isReply = packet.transport == TransportProtocol.icmp ? record.flags == 0 : record.flags == 129
      sourceIsClient = !isReply
    }
    let id = connections.count
    table.insert(hash) { connections[at: $0].isBetween(packet.source, packet.destination, packet.transport) }
    let (client, server) =
      sourceIsClient ? (packet.source, packet.destination) : (packet.destination, packet.source)
    connections.append(
      PointConnection(
        transport: packet.transport, orientation: orientation, firstNS: record.timeNS, lastNS: record.timeNS,
        client: client, server: server))
    packers.append(RecordPacker())
    if packet.transport == TransportProtocol.tcp { memo.note(from: client, to: server, number: id) }
    return (id, sourceIsClient)
  }

  /// Takes note of a packet of a connection.
  @inline(__always)
  private static func summarise(_ record: PacketRecord, fromClient: Bool, into connection: inout PointConnection) {
    connection.firstNS = min(connection.firstNS, record.timeNS)
    connection.longestSilenceNS = max(connection.longestSilenceNS, record.timeNS &- connection.lastNS)
    connection.lastNS = max(connection.lastNS, record.timeNS)
    summarise(record, connection.transport, into: &connection.sides[fromClient ? 1 : 0])
  }

  @inline(__always)
  private static func summarise(_ record: PacketRecord, _ transport: UInt8, into side: inout SideSummary) {
    if side.packets == 0 { (side.firstSequence, side.reachedSequence) = (record.sequence, record.sequence) }
    side.packets &+= 1
    side.payloadBytes &+= UInt64(record.payloadLength)
    guard transport == TransportProtocol.tcp, !record.marks.contains(.icmpError) else { return }
    side.largestPayload = max(side.largestPayload, record.payloadLength)
    let end = record.sequence &+ record.sequenceLength
    if Int32(bitPattern: end &- side.reachedSequence) > 0, !record.isRST { side.reachedSequence = end }
    if record.window == 0, record.flags & (TCPFlags.syn | TCPFlags.rst) == 0 { side.sawZeroWindow = true }
    if record.isSYN, !side.sawSYN || (side.synIsDamaged && !record.marks.contains(.badChecksum)) {
      side.sawSYN = true
      side.synIsDamaged = record.marks.contains(.badChecksum)
      side.initialSequence = record.sequence
      side.synAcknowledgement = record.acknowledgement
      side.synOptions = record.synOptions
      side.synTimestamp = record.timestampValue
    }
    if record.flags & (TCPFlags.fin | TCPFlags.rst) != 0 { summariseClose(record, into: &side) }
  }

  @inline(never)
  private static func summariseClose(_ record: PacketRecord, into side: inout SideSummary) {
    side.sawClose = true
    if record.isRST { side.sawReset = true }
    if record.isFIN, !side.sawFIN {
      side.sawFIN = true
      side.finSequence = record.sequence &+ record.payloadLength
    }
  }

  /// The point's traffic, grouped by connection; the builder is spent.
  public consuming func finish() -> PointTraffic {
    while let oldest = fragments.waiting.first { settle(fragments.takeWaiting(in: oldest.slot), of: oldest.slot) }
    // Without room for all, what was kept is no traffic.
    if store.failure == nil { late.putInOrder(connections, in: store) }
    let packets = connections.reduce(0) { $0 + $1.packets }
    // The watch overlooks a few; what it sees half a habit of is searched.
    let mayHoldCopies = packets < Self.alwaysSearched || twinWatch.share >= CaptureCopies.habit / 2
    if store.failure == nil, mayHoldCopies { counts.copies = CaptureCopies.mark(connections, in: store) }
    return PointTraffic(
      records: store, connections: connections,
      coverage: firstNS <= lastNS ? firstNS...lastNS : nil, silences: silences.longest, counts: counts,
      lastFrame: lastFrame, firstFromClientNS: firstFromClientNS, firstFromServerNS: firstFromServerNS)
  }
}

public import Packets

/// Sorts the packets of one point into connections, in one pass.
///
/// Not thread-safe; one builder for each point. Cost per packet: one decode, one table lookup, one 64-byte store.
public struct PointBuilder {
  private let store: RecordStore
  private var table = FlowTable()
  private var connections: [PointConnection] = []
  private var counts = PointCounts()
  private var firstNS = Int64.max
  private var lastNS = Int64.min
  private var silences = Silences()
  private var twinWatch = TwinWatch()
  private var packet = DecodedPacket()
  private var fragments = FragmentTable()

  /// A datagram flow that was silent for this long is taken for a new one, as NAT boxes do (RFC 4787, 4.3).
  static let datagramIdleNS: Int64 = 120_000_000_000

  /// A builder that keeps up to `memoryBudget` bytes of records in memory and the rest in a temporary file.
  public init(memoryBudget: Int = .max) {
    store = RecordStore(memoryBudget: memoryBudget)
  }

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
    let timeNS = Self.sane(timeNS)
    counts.frames += 1
    firstNS = min(firstNS, timeNS)
    lastNS = max(lastNS, timeNS)
    silences.add(timeNS)
    if decoder.isOnAir { counts.onAir += 1 }
    let outcome = decoder.decode(bytes, wireLength: wireLength, into: &packet)
    switch outcome {
    case .packet: addDecoded(timeNS: timeNS, frame: frame)
    case .notIP: counts.notIP += 1
    case .malformed: counts.malformed += 1
    }
    return outcome
  }

  /// Times are taken to lie between 1970 and 2096, so that sums and differences of two never overflow.
  private static func sane(_ timeNS: Int64) -> Int64 { min(max(timeNS, 0), 4_000_000_000_000_000_000) }

  /// Counts a frame of a link type that no decoder reads.
  public mutating func addUnread(timeNS: Int64) {
    let timeNS = Self.sane(timeNS)
    counts.frames += 1
    firstNS = min(firstNS, timeNS)
    lastNS = max(lastNS, timeNS)
    silences.add(timeNS)
  }

  private mutating func addDecoded(timeNS: Int64, frame: UInt32) {
    packet.record.timeNS = timeNS
    packet.record.frame = frame
    if packet.record.marks.contains(.fragment) { return addFragment() }
    addWhole()
  }

  /// Takes the packet at hand, which tells its connection.
  @inline(__always)
  private mutating func addWhole() {
    let (connection, fromClient) = assignConnection()
    packet.record.connection = UInt32(truncatingIfNeeded: connection)
    if fromClient { packet.record.marks.insert(.fromClient) }
    Self.summarise(packet.record, fromClient: fromClient, into: &connections[connection])
    count(packet.record)
    twinWatch.add(packet.record)
    store.append(packet.record)
  }

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
    if fragments.note(fragment, in: slot, timeNS: timeNS) { counts.overlappingFragments += 1 }
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
      count(packet.record)
      enter(packet.record)
      store.append(packet.record)
    } else {
      if fragments.waiting.count == FragmentTable.mostWaiting, let oldest = fragments.waiting.first {
        settle(fragments.takeWaiting(in: oldest.slot), of: oldest.slot)
      }
      count(packet.record)
      let ordinal = unsafe store.count
      store.append(packet.record)
      guard store.failure == nil else { return }
      fragments.wait(FragmentTable.Waiting(ordinal: ordinal, slot: slot, offset: fragment.offset))
    }
  }

  /// Gives a stored fragment that came before the first one to its connection.
  private mutating func join(_ early: FragmentTable.Waiting, _ first: FragmentTable.First) {
    var record = store[early.ordinal]
    record.join(first, offset: early.offset)
    enter(record)
    store.replace(early.ordinal, by: record)
  }

  /// Gives stored fragments whose first one never came to a connection without ports.
  private mutating func settle(_ orphans: [FragmentTable.Waiting], of slot: Int) {
    guard !orphans.isEmpty, let key = fragments.key(in: slot) else { return }
    let atHand = packet
    for orphan in orphans {
      packet = DecodedPacket()
      packet.source.address = key.source
      packet.destination.address = key.destination
      packet.transport = key.transport
      packet.record = store[orphan.ordinal]
      let (connection, fromClient) = assignConnection()
      packet.record.connection = UInt32(truncatingIfNeeded: connection)
      if fromClient { packet.record.marks.insert(.fromClient) }
      enter(packet.record)
      store.replace(orphan.ordinal, by: packet.record)
    }
    packet = atHand
  }

  /// Enters a fragment that has no header of its own into its connection.
  private mutating func enter(_ record: PacketRecord) {
    let fromClient = record.marks.contains(.fromClient)
    Self.summarise(record, fromClient: fromClient, into: &connections[Int(record.connection)])
    twinWatch.add(record)
  }

  @inline(__always)
  private mutating func count(_ record: PacketRecord) {
    if !record.marks.isDisjoint(with: [.payloadCut, .headerCut]) { counts.cut += 1 }
    if record.marks.contains(.fragment) { counts.fragments += 1 }
    if record.tunnel != nil { counts.tunnelled += 1 }
    if record.marks.contains(.checksumVerified) { counts.verifiedChecksums += 1 }
    if record.marks.contains(.badChecksum) { counts.badChecksums += 1 }
    if packet.transport == TransportProtocol.tcp, record.payloadLength > 1460 { counts.largeSegments += 1 }
  }

  /// The connection of the packet at hand, and whether the client sent it.
  private mutating func assignConnection() -> (Int, Bool) {
    if packet.record.marks.contains(.icmpError), let found = quotedConnection() { return found }
    let (key, sourceIsLow) = FlowTable.Key.of(
      source: packet.source, destination: packet.destination, transport: packet.transport)
    if let id = table.find(key), belongs(to: id) {
      let clientIsLow = connections[id].client == key.low
      return (id, key.low == key.high ? true : clientIsLow == sourceIsLow)
    }
    return open(key)
  }

  /// The connection that an ICMP error speaks of; it travels towards the sender of the packet that it quotes.
  private func quotedConnection() -> (Int, Bool)? {
    let (key, _) = FlowTable.Key.of(
      source: packet.quotedSource, destination: packet.quotedDestination, transport: packet.quotedTransport)
    guard let id = table.find(key) else { return nil }
    return (id, connections[id].server == packet.quotedSource)
  }

  /// Whether the packet at hand continues this connection, rather than opening another one on the same addresses.
  private func belongs(to id: Int) -> Bool {
    let record = packet.record
    guard packet.transport == TransportProtocol.tcp else {
      return record.timeNS - connections[id].lastNS < Self.datagramIdleNS
    }
    guard record.isSYN else { return true }
    let fromClient = connections[id].client == packet.source
    let side = connections[id][fromClient: fromClient]
    if !record.hasACK {
      // A simultaneous open (RFC 9293, 3.5) has a SYN from each side before anything else.
      return side.sawSYN ? side.initialSequence == record.sequence : connections[id].clientSide.sawSYN
    }
    if !side.sawSYN { return !fromClient || connections[id].orientation != .syn }
    let sameOpening = side.synAcknowledgement == record.acknowledgement
    return side.initialSequence == record.sequence || sameOpening
  }

  private mutating func open(_ key: FlowTable.Key) -> (Int, Bool) {
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
    let id = table.insert(key)
    connections.append(
      PointConnection(
        transport: packet.transport, orientation: orientation,
        client: sourceIsClient ? packet.source : packet.destination,
        server: sourceIsClient ? packet.destination : packet.source,
        firstNS: record.timeNS, lastNS: record.timeNS))
    return (id, sourceIsClient)
  }

  @inline(__always)
  private static func summarise(_ record: PacketRecord, fromClient: Bool, into connection: inout PointConnection) {
    connection.firstNS = min(connection.firstNS, record.timeNS)
    connection.longestSilenceNS = max(connection.longestSilenceNS, record.timeNS &- connection.lastNS)
    connection.lastNS = max(connection.lastNS, record.timeNS)
    if fromClient {
      summarise(record, connection.transport, into: &connection.clientSide)
    } else {
      summarise(record, connection.transport, into: &connection.serverSide)
    }
  }

  @inline(__always)
  private static func summarise(_ record: PacketRecord, _ transport: UInt8, into side: inout SideSummary) {
    if side.packets == 0 { side.firstSequence = record.sequence }
    side.packets &+= 1
    side.payloadBytes &+= UInt64(record.payloadLength)
    guard transport == TransportProtocol.tcp, !record.marks.contains(.icmpError) else { return }
    side.largestPayload = max(side.largestPayload, record.payloadLength)
    if record.window == 0, record.flags & (TCPFlags.syn | TCPFlags.rst) == 0 { side.sawZeroWindow = true }
    if record.isSYN, !side.sawSYN {
      side.sawSYN = true
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
    let grouping = ConnectionGrouping(store: store, connections: connections.count)
    // The watch overlooks a few; what it sees half a habit of is searched.
    if Double(twinWatch.twins) >= CaptureCopies.habit / 2 * Double(unsafe store.count) {
      counts.copies = CaptureCopies.mark(in: store, grouping: grouping)
    }
    return PointTraffic(
      records: store, connections: connections, ordinalsByConnection: grouping.ordinals,
      connectionStarts: grouping.starts, coverage: firstNS <= lastNS ? firstNS...lastNS : nil,
      silences: silences.longest, counts: counts)
  }
}

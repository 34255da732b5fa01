import Flows
import Packets

/// Something about a connection that a NAT box leaves alone, as a key to look up its twin at another point.
struct Feature {
  enum Kind: UInt8, CaseIterable {
    case clientISN, serverISN, sequence, timestamp, payload, ipID, addresses

    /// How unlikely two unrelated connections share a value, in bits: the entropy of the field, less what stacks waste.
    var bits: Double {
      switch self {
      case .clientISN, .serverISN: 26
      case .sequence, .timestamp: 22
      case .payload: 20
      case .addresses: 24
      case .ipID: 10
      }
    }

    var evidence: MatchEvidence {
      switch self {
      case .clientISN, .serverISN: .initialSequence
      case .sequence: .sequence
      case .timestamp: .timestamp
      case .payload: .payload
      case .ipID: .ipID
      case .addresses: .addresses
      }
    }
  }

  /// The value, mixed with the kind.
  var key: UInt64
  var point: Int32
  var connection: Int32
  var kind: Kind
  var fromClient: Bool
  var timeNS: Int64
}

/// Takes the features of connections: the initial sequence numbers, and of each kind of packet feature the few with the
/// smallest hashes (a bottom-k sketch, Cohen and Kaplan 2007), so that captures that begin at different times choose the
/// same packets.
struct FeatureExtractor {
  static let kept = 5
  private static let sketchKinds: [Feature.Kind] = [.sequence, .timestamp, .payload, .ipID]

  private var sketches: [[Feature]] = Array(repeating: [], count: sketchKinds.count)
  /// For each full sketch, its largest key, at and above which nothing enters it.
  private var limits: InlineArray<4, UInt64> = .init(repeating: .max)

  /// Adds the features of one local connection to `features`.
  ///
  /// - Parameter most: packets that are looked at, from the first one on.
  mutating func extract(
    of local: LocalConnection, from traffic: PointTraffic, most: Int = .max, into features: inout [Feature]
  ) {
    let (point, connection) = (Int(local.point), Int(local.connection))
    for index in sketches.indices { sketches[index].removeAll(keepingCapacity: true) }
    limits = .init(repeating: .max)
    let summary = traffic.connections[connection]
    let isTCP = summary.transport == TransportProtocol.tcp
    for record in traffic.packets(of: connection, most: most) {
      if !record.marks.isDisjoint(with: [.captureCopy, .icmpError, .headerCut]) { continue }
      let size = UInt64(record.payloadLength)
      if isTCP, record.payloadLength > 0 {
        offer(0, UInt64(record.sequence) << 32 | size, record, point, connection)
      } else if isTCP, !record.marks.contains(.timestamps) {
        // A bare segment has nothing else that is its own.
        let numbers = UInt64(record.sequence) << 32 | UInt64(record.acknowledgement)
        offer(0, numbers &* 31 &+ UInt64(record.flags), record, point, connection)
      }
      if record.marks.contains(.timestamps), record.timestampEcho != 0 {
        let stamps = UInt64(record.timestampValue) << 32 | UInt64(record.timestampEcho)
        offer(1, stamps &* 31 &+ size, record, point, connection)
      }
      if record.payloadLength >= 8 {
        let key = record.digest &+ size &+ (isTCP ? 0 : UInt64(record.sequence) << 20)
        offer(2, key, record, point, connection)
      }
      if record.ipID != 0 {
        let control = UInt64(record.flags & (TCPFlags.syn | TCPFlags.fin | TCPFlags.rst))
        offer(3, UInt64(record.ipID) << 40 | size << 8 | control, record, point, connection)
      }
    }
    for sketch in sketches { features.append(contentsOf: sketch) }
    features.append(
      Feature(
        key: Self.addressKey(summary), point: Int32(point), connection: Int32(connection), kind: .addresses,
        fromClient: summary.client.isBefore(summary.server), timeNS: summary.firstNS))
    guard isTCP else { return }
    addISN(.clientISN, summary.clientSide, true, summary, point, connection, &features)
    addISN(.serverISN, summary.serverSide, false, summary, point, connection, &features)
  }

  /// Both endpoints, in either order: without NAT between two points they are the same at both.
  private static func addressKey(_ connection: PointConnection) -> UInt64 {
    let ordered = connection.client.isBefore(connection.server)
    let (one, other) =
      ordered ? (connection.client, connection.server) : (connection.server, connection.client)
    var key = mix(one.address.high &+ UInt64(one.port), .addresses)
    for part in [one.address.low, other.address.high &+ UInt64(other.port), other.address.low] {
      key = mix(key ^ part, .addresses)
    }
    return key &+ UInt64(connection.transport)
  }

  private func addISN(
    _ kind: Feature.Kind, _ side: SideSummary, _ fromClient: Bool, _ summary: PointConnection, _ point: Int,
    _ connection: Int, _ features: inout [Feature]
  ) {
    guard side.sawSYN else { return }
    features.append(
      Feature(
        key: Self.mix(UInt64(side.initialSequence), kind), point: Int32(point), connection: Int32(connection),
        kind: kind, fromClient: fromClient, timeNS: summary.firstNS))
  }

  @inline(__always)
  private mutating func offer(
    _ index: Int, _ value: UInt64, _ record: PacketRecord, _ point: Int, _ connection: Int
  ) {
    let kind = Self.sketchKinds[index]
    let key = Self.mix(value, kind)
    if key >= limits[index] { return }
    enter(
      Feature(
        key: key, point: Int32(point), connection: Int32(connection), kind: kind,
        fromClient: record.marks.contains(.fromClient), timeNS: record.timeNS), index)
  }

  @inline(never)
  private mutating func enter(_ feature: Feature, _ index: Int) {
    if sketches[index].contains(where: { $0.key == feature.key }) { return }
    if sketches[index].count == Self.kept, let largest = Self.largest(sketches[index]) {
      sketches[index].swapAt(largest, Self.kept - 1)
      sketches[index].removeLast()
    }
    sketches[index].append(feature)
    if sketches[index].count == Self.kept, let largest = Self.largest(sketches[index]) {
      limits[index] = sketches[index][largest].key
    }
  }

  private static func largest(_ sketch: [Feature]) -> Int? {
    sketch.indices.max { sketch[$0].key < sketch[$1].key }
  }

  /// A bijective mix (SplitMix64's finaliser), so that different values never share a key within a kind.
  @inline(__always)
  static func mix(_ value: UInt64, _ kind: Feature.Kind) -> UInt64 {
    var mixed = value &+ (UInt64(kind.rawValue) + 1) &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

extension Endpoint {
  /// An order of endpoints, the same at every point.
  fileprivate func isBefore(_ other: Endpoint) -> Bool {
    address == other.address ? port <= other.port : address < other.address
  }
}

import Flows
import Packets

/// What one direction of a segment was offered, while the packets of its upstream point go by.
struct OfferedPackets {
  /// Number of packets.
  private(set) var packets = 0
  /// The lost ones.
  private(set) var lost: [PacketRecord] = []
  /// The moments in which packets of the other direction passed.
  private(set) var others: PassingMoments
  /// The frames of the packets.
  private(set) var frames: FrameSet
  /// Number of packets with each combination of features.
  private(set) var byFeatures: [Int]
  private var lostFrames = FrameSet()
  private let isWanted: Bool

  /// Takes the place of a direction that nobody asks about.
  static let unwanted = OfferedPackets()

  private init() {
    others = PassingMoments(covering: nil)
    frames = FrameSet()
    byFeatures = []
    isWanted = false
  }

  /// None yet of a segment whose packets pass a point with this traffic first, and lose those with these frames.
  init(upstream traffic: PointTraffic, lost: [UInt32]) {
    others = PassingMoments(covering: traffic.coverage)
    frames = FrameSet(below: Int(traffic.lastFrame) + 1)
    byFeatures = Array(repeating: 0, count: LossFeatures.combinations)
    isWanted = true
    for frame in lost { lostFrames.insert(frame) }
  }

  /// Gives the memory of the frames back.
  mutating func forgetFrames() {
    frames = FrameSet()
    lostFrames = FrameSet()
  }

  /// Which sides of a connection sent packets.
  struct Senders {
    var client = false
    var server = false
  }

  /// Takes the packets of connections at the upstream point, each as offered by its own side, and as one that packets of
  /// the other side may have met.
  ///
  /// - Returns: for each connection, which sides sent any.
  static func take(
    _ connections: [Int], of traffic: PointTraffic, client: inout OfferedPackets, server: inout OfferedPackets
  ) -> [Senders] {
    var senders: [Senders] = []
    senders.reserveCapacity(connections.count)
    let (odd, taken) = scan(
      connections, traffic, &senders, &client.frames.words, &client.others.words, &client.byFeatures,
      &server.frames.words, &server.others.words, &server.byFeatures,
      lost: (client.lostFrames.words, server.lostFrames.words),
      startsNS: (client.others.startNS, server.others.startNS))
    if client.isWanted { client.packets += taken.client }
    if server.isWanted { server.packets += taken.server }
    for record in odd {
      if record.marks.contains(.fromClient) { client.add(odd: record) } else { server.add(odd: record) }
    }
    return senders
  }

  /// - Returns: the packets that were lost, or whose frames have no room; and how many each side sent.
  private static func scan(
    _ connections: [Int], _ traffic: PointTraffic, _ senders: inout [Senders], _ clientFrames: inout [UInt64],
    _ clientOthers: inout [UInt64], _ clientFeatures: inout [Int], _ serverFrames: inout [UInt64],
    _ serverOthers: inout [UInt64], _ serverFeatures: inout [Int], lost: (client: [UInt64], server: [UInt64]),
    startsNS: (client: Int64, server: Int64)
  ) -> (odd: [PacketRecord], taken: (client: Int, server: Int)) {
    // Spans, so that nothing is asked about shared memory for each packet.
    var clientFrames = clientFrames.mutableSpan
    var serverFrames = serverFrames.mutableSpan
    var clientOthers = clientOthers.mutableSpan
    var serverOthers = serverOthers.mutableSpan
    var clientFeatures = clientFeatures.mutableSpan
    var serverFeatures = serverFeatures.mutableSpan
    let clientLost = lost.client.span
    let serverLost = lost.server.span
    var odd: [PacketRecord] = []
    var taken = (client: 0, server: 0)
    for place in connections.indices {
      if place + 1 < connections.count { traffic.ask(for: connections[place + 1]) }
      let before = taken
      for record in traffic.packets(of: connections[place]) {
        guard record.marks.isDisjoint(with: [.captureCopy, .icmpError]) else { continue }
        let isOdd: Bool
        if record.marks.contains(.fromClient) {
          taken.client += 1
          isOdd = offer(record, &clientFrames, &clientFeatures, lost: clientLost)
          pass(record, &serverOthers, since: startsNS.server)
        } else {
          taken.server += 1
          isOdd = offer(record, &serverFrames, &serverFeatures, lost: serverLost)
          pass(record, &clientOthers, since: startsNS.client)
        }
        if isOdd { odd.append(record) }
      }
      senders.append(Senders(client: taken.client > before.client, server: taken.server > before.server))
    }
    return (odd, taken)
  }

  /// Counts a packet.
  ///
  /// - Returns: whether it was lost, or its frame has no room.
  @inline(__always)
  private static func offer(
    _ record: PacketRecord, _ frames: inout MutableSpan<UInt64>, _ features: inout MutableSpan<Int>, lost: Span<UInt64>
  ) -> Bool {
    // Nobody asks about this direction.
    if features.isEmpty { return false }
    features[LossFeatures(record).rawValue] += 1
    let (word, bit) = (Int(record.frame >> 6), UInt64(1) << UInt64(record.frame & 63))
    guard word < frames.count else { return true }
    frames[word] |= bit
    return word < lost.count && lost[word] & bit != 0
  }

  /// Notes when a packet of the other direction passed.
  @inline(__always)
  private static func pass(_ record: PacketRecord, _ others: inout MutableSpan<UInt64>, since startNS: Int64) {
    if others.isEmpty || record.marks.contains(.headerCut) { return }
    let moment = PassingMoments.moment(record.timeNS, since: startNS)
    if others.indices.contains(moment >> 6) { others[moment >> 6] |= 1 << UInt64(moment & 63) }
  }

  private mutating func add(odd record: PacketRecord) {
    frames.insert(record.frame)
    if lostFrames.contains(record.frame) { lost.append(record) }
  }
}

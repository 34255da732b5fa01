import Flows
import Packets

/// What one direction of a segment was offered, while the packets of its upstream point go by.
struct OfferedPackets {
  /// The moments in which packets of the other direction passed.
  private(set) var others: PassingMoments
  /// The frames of the packets.
  private(set) var frames: FrameSet
  private let isWanted: Bool

  /// Takes the place of a direction that nobody asks about.
  static let unwanted = OfferedPackets()

  private init() {
    others = PassingMoments(covering: nil)
    frames = FrameSet()
    isWanted = false
  }

  /// None yet of a segment whose packets pass a point with this traffic first.
  init(upstream traffic: PointTraffic) {
    others = PassingMoments(covering: traffic.coverage)
    frames = FrameSet(below: Int(traffic.lastFrame) + 1)
    isWanted = true
  }

  /// Gives the memory of the frames back.
  mutating func forgetFrames() { frames = FrameSet() }

  /// Which sides of a connection sent packets.
  struct Senders {
    var client = false
    var server = false
  }

  /// Packets that are looked at together.
  private static let atOnce = 256

  /// Takes the packets of connections at the upstream point, each as offered by its own side, and as one that packets of
  /// the other side may have met.
  ///
  /// - Returns: for each connection, which sides sent any.
  static func take(
    _ connections: [Int], of traffic: PointTraffic, client: inout OfferedPackets, server: inout OfferedPackets
  ) -> [Senders] {
    var senders: [Senders] = []
    senders.reserveCapacity(connections.count)
    var glances = [PacketGlance](repeating: PacketGlance(), count: atOnce)
    for place in connections.indices {
      if place + 1 < connections.count { traffic.ask(for: connections[place + 1]) }
      var skimmer = traffic.skimmer(of: connections[place])
      var sent = Senders()
      while true {
        let count = skimmer.skim(into: &glances)
        if count == 0 { break }
        let some = glances.span.extracting(first: count)
        if client.isWanted { sent.client = client.frames.insert(some, .client) || sent.client }
        if server.isWanted { sent.server = server.frames.insert(some, .server) || sent.server }
        client.others.insert(some, .server)
        server.others.insert(some, .client)
      }
      senders.append(sent)
    }
    return senders
  }
}

/// A side of a connection, as one point sees it.
enum LocalSide {
  case client
  case server

  /// Whether it sent a packet that counts: the capture made no copy of it, and it is no ICMP error.
  @inline(__always)
  func sent(_ glance: PacketGlance) -> Bool {
    glance.marks.intersection([.fromClient, .captureCopy, .icmpError]) == (self == .client ? .fromClient : [])
  }
}

extension FrameSet {
  /// Adds the frames of what one side sent; all frames of the connection are below the end of the set.
  ///
  /// - Returns: whether there was any.
  @inline(never)
  fileprivate mutating func insert(_ glances: Span<PacketGlance>, _ side: LocalSide) -> Bool {
    // A span, so that nothing is asked about shared memory for each packet.
    var words = words.mutableSpan
    var isAny = false
    for index in glances.indices {
      let bit: UInt64 = side.sent(glances[index]) ? 1 : 0
      words[Int(glances[index].frame >> 6)] |= bit << UInt64(glances[index].frame & 63)
      isAny = isAny || bit != 0
    }
    return isAny
  }
}

extension PassingMoments {
  /// Notes when packets of one side passed.
  @inline(never)
  fileprivate mutating func insert(_ glances: Span<PacketGlance>, _ side: LocalSide) {
    if !areKnown { return }
    let startNS = startNS
    var words = words.mutableSpan
    for index in glances.indices where side.sent(glances[index]) && !glances[index].marks.contains(.headerCut) {
      let moment = Self.moment(glances[index].timeNS, since: startNS)
      if words.indices.contains(moment >> 6) { words[moment >> 6] |= 1 << UInt64(moment & 63) }
    }
  }
}

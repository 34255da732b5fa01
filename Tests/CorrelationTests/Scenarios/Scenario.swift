package import Packets
package import Verdicts

/// Traffic on a path with faults chosen packet by packet, together with the truth about what happened.
///
///     var scenario = Scenario(points: 3)
///     scenario.add(TCPConversation(script: [.client(3000), .server(20_000)]))
///     scenario.on(segment: 1, .serverToClient, .data(4), .drop)
///     let run = scenario.run()
package struct Scenario {
  /// Where and how packets are captured, nearest to the client first.
  package var points: [Point]
  /// What lies between neighbouring points.
  package var segments: [Segment]
  package var conversations: [any Exchange] = []
  package private(set) var impairments: [Impairment] = []
  package private(set) var captureFaults: [CaptureFault] = []
  package private(set) var insertions: [Insertion] = []
  package private(set) var transforms: [Transform] = []
  /// Whether the first point captures on the client's host, whose card fills checksums in only behind the capture.
  package var senderLeavesChecksums = false
  /// Seed of all that is random.
  package var seed: UInt64 = 1

  /// The true time at which every scenario begins, in nanoseconds since the Unix epoch.
  package static let start: Int64 = 1_700_000_000_000_000_000

  /// A capture point.
  package struct Point {
    /// Name.
    package var name: String
    /// Its clock minus the true time at the start, in nanoseconds.
    package var offsetNS: Int64 = 0
    /// How much its clock runs fast, in parts per million.
    package var driftPPM: Double = 0
    /// When its clock is set, in nanoseconds of true time since the start, and by how much.
    package var clockIsSet: (afterNS: Int64, byNS: Int64)?
    /// True time since the start from when it captures, in nanoseconds.
    package var startsAfterNS: Int64 = .min
    /// True time since the start until when it captures, in nanoseconds.
    package var endsAfterNS: Int64 = .max
    /// True time since the start in which it captures nothing, in nanoseconds.
    package var pausesNS: ClosedRange<Int64>?
    /// The only direction that its capture holds, if so.
    package var only: Direction?
    /// Bytes of a frame that it keeps.
    package var snapLength = Int.max
    /// A further copy of every packet this long after the first, as a mirror port makes.
    package var mirrorsAfterNS: Int64?

    /// The point's clock at a true time.
    package func clock(_ time: Int64) -> Int64 {
      let setNS = clockIsSet.map { time - Scenario.start >= $0.afterNS ? $0.byNS : 0 } ?? 0
      return time + offsetNS + setNS + Int64(driftPPM * Double(time - Scenario.start) / 1e6)
    }
  }

  /// A stretch between two neighbouring points.
  package struct Segment {
    /// Delay towards the server, in nanoseconds.
    package var towardsServerNS: Int64 = 1_000_000
    /// Delay towards the client, in nanoseconds.
    package var towardsClientNS: Int64 = 1_000_000
    /// A delay between nothing and this is added to each packet, without reordering.
    package var jitterNS: Int64 = 100_000
    /// Routers passed.
    package var hops: UInt8 = 1

    /// A millisecond each way.
    package init() {}
  }

  /// How a conversation looks at one point.
  package struct Leg: Sendable {
    /// The client's end.
    package var client: Endpoint
    /// The server's end.
    package var server: Endpoint
    /// What is added to the client's sequence numbers here.
    package var clientShift: UInt32 = 0
    /// What is added to the server's sequence numbers here.
    package var serverShift: UInt32 = 0
    /// Whether SACK edges are shifted as well.
    package var translatesSACK = true

    /// A leg between these ends, nothing shifted.
    package init(client: Endpoint, server: Endpoint) {
      self.client = client
      self.server = server
    }
  }

  /// A packet that a box on a segment makes.
  package struct Insertion {
    /// The segment that it first appears on; `nil` for what an end of the path sends.
    var segment: Int?
    var afterNS: Int64
    var packet: WirePacket
  }

  /// What a box on a segment does to every packet.
  package struct Transform {
    var segment: Int
    var change: (inout WirePacket) -> Void
  }

  /// A path with this many points and one network between each two of them.
  package init(points count: Int) {
    points = (0..<count).map { Point(name: "p\($0)") }
    segments = Array(repeating: Segment(), count: max(0, count - 1))
  }

  /// Adds a conversation and returns its index.
  @discardableResult
  package mutating func add(_ conversation: some Exchange) -> Int {
    conversations.append(conversation)
    return conversations.count - 1
  }

  /// Does something to one packet on a segment; `label` without a conversation means any.
  package mutating func on(
    segment: Int, _ direction: Direction, _ label: WirePacket.Label, _ action: Impairment.Action,
    conversation: Int? = nil
  ) {
    impairments.append(
      Impairment(segment: segment, action: action) {
        $0.direction == direction && $0.label == label && (conversation == nil || $0.conversation == conversation)
      })
  }

  /// Does something to all packets on a segment that meet a condition.
  package mutating func on(
    segment: Int, where matches: @escaping (WirePacket) -> Bool, _ action: Impairment.Action
  ) {
    impairments.append(Impairment(segment: segment, action: action, matches: matches))
  }

  /// Changes every packet on a segment, as a box there does by rule; it is no fault in the truth.
  package mutating func transform(segment: Int, _ change: @escaping (inout WirePacket) -> Void) {
    transforms.append(Transform(segment: segment, change: change))
  }

  /// Makes a point's capture miss, double or damage packets.
  package mutating func capture(
    at point: Int, _ fault: CaptureFault.Kind, where matches: @escaping (WirePacket) -> Bool
  ) {
    captureFaults.append(CaptureFault(point: point, kind: fault, matches: matches))
  }

  /// Makes a point's capture miss, double or damage one packet.
  package mutating func capture(
    at point: Int, _ fault: CaptureFault.Kind, _ direction: Direction, _ label: WirePacket.Label
  ) {
    capture(at: point, fault) { $0.direction == direction && $0.label == label }
  }

  /// Puts a packet of a box on a segment into the conversation, this long after the start.
  package mutating func insert(segment: Int, afterNS: Int64, _ packet: WirePacket) {
    insertions.append(Insertion(segment: segment, afterNS: afterNS, packet: packet))
  }

  /// Puts a packet into the conversation at the end of the path that it comes from, this long after the start.
  package mutating func send(afterNS: Int64, _ packet: WirePacket) {
    insertions.append(Insertion(segment: nil, afterNS: afterNS, packet: packet))
  }

  /// Lets the traffic flow.
  package func run() -> ScenarioRun {
    let network = Network(self)
    return network.run()
  }
}

/// Something that happens to a packet on a segment.
package struct Impairment {
  var segment: Int
  var action: Action
  var matches: (WirePacket) -> Bool

  /// What happens.
  package enum Action {
    /// It is lost.
    case drop
    /// It comes later by this many nanoseconds, and what was sent behind it comes before it.
    case delay(Int64)
    /// A further copy comes this many nanoseconds later.
    case duplicate(afterNS: Int64)
    /// It is changed.
    case edit((inout WirePacket) -> Void)
    /// Its payload is cut into pieces of at most this many bytes, of which one may be lost.
    case split(Int, losing: Int? = nil)
    /// It is held back and sent together with the next segment, if that follows on.
    case mergeWithNext
  }

  init(segment: Int, action: Action, matches: @escaping (WirePacket) -> Bool) {
    self.segment = segment
    self.action = action
    self.matches = matches
  }
}

/// Something that a capture does wrong.
package struct CaptureFault {
  var point: Int
  var kind: Kind
  var matches: (WirePacket) -> Bool

  /// What goes wrong.
  package enum Kind {
    /// The packet is not in the capture.
    case miss
    /// It is in the capture twice.
    case double(afterNS: Int64)
    /// Its last byte is another one in the capture.
    case damage
  }
}

/// The two ends of an exchange of packets, each a source of packets that reacts to what it receives.
package protocol Exchange {
  /// How it looks at a point.
  func leg(at point: Int, of count: Int) -> Scenario.Leg
  /// True time since the scenario's start at which it begins, in nanoseconds.
  var startsAfterNS: Int64 { get }
  /// The two ends, in their state before the first packet.
  func ends(seed: UInt64) -> (client: any End, server: any End)
}

/// One end of a conversation.
package protocol End: AnyObject {
  /// What it sends first.
  func start(now: Int64) -> [WirePacket]
  /// What it sends when it receives a packet.
  func receive(_ packet: WirePacket, now: Int64) -> [WirePacket]
  /// What it sends when its timer goes off.
  func wake(now: Int64) -> [WirePacket]
  /// When its timer goes off next.
  var alarm: Int64? { get }
}

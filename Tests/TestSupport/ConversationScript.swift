/// Writes conversations: hosts with sequence numbers, IP IDs and timestamp clocks, one step after the other.
///
///     var script = ConversationScript(seed: 1, startNS: 0)
///     script.open()
///     script.request(100, response: 5000)
///     script.close()
///     conversation.transmissions = script.transmissions
public struct ConversationScript: Sendable {
  /// What was written so far.
  public private(set) var transmissions: [Conversation.Transmission] = []
  /// Time of the next packet; each step takes ``stepNS``.
  public var nowNS: Int64
  /// Time from a packet to the answer to it; longer than the path.
  public var stepNS: Int64 = 20_000_000
  /// Whether segments carry TCP timestamps.
  public var timestamps = true
  /// How IP IDs are chosen.
  public var identification = Identification.counting
  /// Random payloads, ISNs and clocks.
  public var random: SplitMix64

  /// How a host chooses the IP IDs of its packets.
  public enum Identification: Sendable, CaseIterable {
    /// One after the other, as Linux does for each connection.
    case counting
    /// At random, as BSD does.
    case random
    /// 0, as RFC 6864 allows for packets that are never fragmented.
    case zero
  }

  private struct Host {
    var next: UInt32
    var ipID: UInt16
    var clock: UInt32
    var heardClock: UInt32 = 0
  }
  private var client: Host
  private var server: Host

  /// A script that begins at a time; the same seed writes the same bytes.
  ///
  /// - Parameter initialSequences: ISNs of client and server, if not random ones.
  public init(seed: UInt64, startNS: Int64, initialSequences: (client: UInt32, server: UInt32)? = nil) {
    var random = SplitMix64(seed: seed)
    func host(_ isn: UInt32?) -> Host {
      Host(next: isn ?? random.next32(), ipID: random.next16(), clock: random.next32())
    }
    client = host(initialSequences?.client)
    server = host(initialSequences?.server)
    nowNS = startNS
    self.random = random
  }

  /// Sends one segment and moves time on by `after`.
  ///
  public mutating func segment(
    fromClient: Bool, _ flags: TCPSegment.Flags, payload: [UInt8] = [], options more: [TCPOption] = [],
    after: Int64? = nil, lostAfter: Int? = nil
  ) {
    let elapsed = UInt32(truncatingIfNeeded: nowNS / 1_000_000)
    let (from, to) = fromClient ? (client, server) : (server, client)
    var options: [TCPOption] = flags.contains(.syn) ? [.maximumSegmentSize(1460), .sackPermitted] : []
    if timestamps {
      options += [.noOperation, .noOperation, .timestamps(value: from.clock &+ elapsed, echo: from.heardClock)]
    }
    var segment = TCPSegment(source: "10.0.0.1:1", destination: "10.0.0.2:2", flags: flags, options: options + more)
    segment.seq = from.next
    segment.ack = flags.contains(.ack) ? to.next : 0
    segment.payload = payload
    let taken = UInt32(payload.count) + (flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
    change(fromClient) { $0.next &+= taken }
    if lostAfter == nil { change(!fromClient) { $0.heardClock = from.clock &+ elapsed } }
    append(fromClient, .tcp(segment), lostAfter)
    nowNS += after ?? stepNS
  }

  /// A keep-alive: the byte before the next one, or nothing, at its number (RFC 9293, 3.8.4).
  public mutating func keepAlive(fromClient: Bool, _ probe: [UInt8]) {
    change(fromClient) { $0.next &-= 1 }
    segment(fromClient: fromClient, .ack, payload: probe)
    if probe.isEmpty { change(fromClient) { $0.next &+= 1 } }
  }

  /// Sends the newest packet again, with another IP ID, as it is sent when it was lost.
  public mutating func retransmit() {
    guard let last = transmissions.last else { return }
    append(last.fromClient, last.content, nil)
    nowNS += stepNS
  }

  /// SYN, SYN/ACK, ACK.
  public mutating func open() {
    segment(fromClient: true, .syn)
    segment(fromClient: false, [.syn, .ack])
    segment(fromClient: true, .ack, after: 1_000_000)
  }

  /// SYNs that cross, and a SYN/ACK for each, which is the SYN once more (RFC 9293, 3.5).
  ///
  /// - Parameter wayNS: longer than a packet takes from end to end.
  public mutating func openFromBothSides(wayNS: Int64) {
    segment(fromClient: true, .syn, after: 100_000)
    segment(fromClient: false, .syn, after: wayNS)
    for fromClient in [true, false] {
      change(fromClient) { $0.next &-= 1 }
      segment(fromClient: fromClient, [.syn, .ack], after: fromClient ? 100_000 : wayNS)
    }
  }

  /// A request of random bytes, a response in segments of 1,400 bytes at most, and an acknowledgement of it.
  public mutating func request(_ size: Int, response: Int) {
    request(random.bytes(size), response: random.bytes(response))
  }

  /// A request and a response of these bytes.
  public mutating func request(_ request: [UInt8], response: [UInt8]) {
    segment(fromClient: true, [.psh, .ack], payload: request)
    for start in stride(from: 0, to: response.count, by: 1400) {
      let end = min(start + 1400, response.count)
      segment(
        fromClient: false, [.psh, .ack], payload: Array(response[start..<end]),
        after: end == response.count ? stepNS : 50_000)
    }
    segment(fromClient: true, .ack)
  }

  /// FIN from both sides.
  public mutating func close() {
    segment(fromClient: true, [.fin, .ack])
    segment(fromClient: false, [.fin, .ack])
    segment(fromClient: true, .ack)
  }

  /// A UDP datagram.
  public mutating func datagram(fromClient: Bool, _ payload: [UInt8], lostAfter: Int? = nil) {
    append(fromClient, .udp(payload), lostAfter)
    nowNS += stepNS
  }

  /// An echo request and its reply.
  public mutating func ping(_ sequence: UInt16, payload: [UInt8]) {
    for fromClient in [true, false] {
      append(fromClient, .echo(sequence: sequence, payload: payload), nil)
      nowNS += stepNS
    }
  }

  private mutating func append(_ fromClient: Bool, _ content: Conversation.Transmission.Content, _ lostAfter: Int?) {
    var transmission = Conversation.Transmission(timeNS: nowNS, fromClient: fromClient, content: content)
    transmission.lostAfter = lostAfter
    switch identification {
    case .counting:
      change(fromClient) { $0.ipID &+= 1 }
      transmission.ipID = fromClient ? client.ipID : server.ipID
    case .random: transmission.ipID = random.next16()
    case .zero: break
    }
    transmissions.append(transmission)
  }

  private mutating func change(_ fromClient: Bool, _ body: (inout Host) -> Void) {
    if fromClient { body(&client) } else { body(&server) }
  }
}

extension SplitMix64 {
  /// 32 random bits.
  public mutating func next32() -> UInt32 { UInt32(truncatingIfNeeded: next() >> 32) }
  /// 16 random bits.
  public mutating func next16() -> UInt16 { UInt16(truncatingIfNeeded: next() >> 48) }
}

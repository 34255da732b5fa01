import Packets

/// Wireshark's analysis of one segment, as its version 4.0 does it, in the order in which it asks its questions.
///
///     what the segment is for itself   probe, zero window, gap, keep-alive, window, duplicate ACK
///     what it acknowledges             data that was not captured
///     what it repeats                  retransmissions, out of order
///     what is remembered of it         numbers of the sender, segments in flight, segments acknowledged
enum SequenceAnalysis {
  /// Below this a segment is out of order where the initial RTT is not known, in ns.
  private static let defaultReorderingNS: Int64 = 3_000_000
  /// A fast retransmission follows the duplicate ACK within this time, in ns.
  private static let fastRetransmissionNS: Int64 = 20_000_000

  /// One segment as the questions see it.
  struct Segment {
    let timeNS: Int64
    let frame: UInt32
    let sequence: UInt32
    let acknowledgement: UInt32
    let length: UInt32
    let window: UInt32
    let flags: UInt8
    /// What a SYN says of the shift of windows (RFC 7323, 2).
    let windowScale: Int?

    @inline(__always)
    init(_ record: PacketRecord) {
      timeNS = record.timeNS
      frame = record.frame
      sequence = record.sequence
      acknowledgement = record.acknowledgement
      length = record.payloadLength
      window = UInt32(record.window)
      flags = record.flags
      windowScale = record.isSYN ? record.synOptions.windowScale : nil
    }

    var isSYN: Bool { flags & TCPFlags.syn != 0 }
    var isRST: Bool { flags & TCPFlags.rst != 0 }
    var hasACK: Bool { flags & TCPFlags.ack != 0 }
    /// No SYN, FIN or RST.
    var isPlain: Bool { flags & (TCPFlags.syn | TCPFlags.fin | TCPFlags.rst) == 0 }
    private var opensOrCloses: Bool { flags & (TCPFlags.syn | TCPFlags.fin) != 0 }
    /// Takes sequence space.
    var isSequenced: Bool { length > 0 || opensOrCloses }
    /// Sequence number behind it.
    var end: UInt32 { sequence &+ length &+ (opensOrCloses ? 1 : 0) }
  }

  /// Analyses a segment that `sender` sends, and remembers it.
  static func analyse(
    _ segment: Segment, from sender: inout DirectionState, to receiver: inout DirectionState,
    _ handshake: inout StreamState.Handshake, _ said: inout SegmentAnalysis
  ) {
    setBases(segment, &sender, &receiver)
    if segment.hasACK { receiver.knowsFlight = true }

    judgeItself(segment, &sender, receiver, &said)
    if segment.acknowledgement != sender.lastAck {
      sender.firstAckFrame = segment.frame
      sender.duplicateAcks = 0
      sender.missesAcks = false
    }
    if segment.hasACK, receiver.acknowledgeable != 0, segment.acknowledgement.isAfter(receiver.acknowledgeable) {
      judgeUnseen(&receiver, &said)
    }
    if segment.isSequenced, !said.flags.contains(.keepAlive) {
      judgeRepetition(segment, sender, receiver, handshake, &said)
    }

    remember(segment, &sender, said.flags)
    if let acknowledged = receiver.unacked.acknowledge(segment.acknowledgement, base: receiver.base) {
      said.ackedFrame = acknowledged.frame
      said.ackRoundTripNS = segment.timeNS &- acknowledged.timeNS
    }
    if segment.length > 0, sender.knowsFlight {
      // A SYN or FIN takes sequence space and is no byte.
      let span = sender.unacked.span &- (segment.end &- segment.sequence &- segment.length)
      if span > 0, span < 2_000_000_000 { said.bytesInFlight = span }
    }
    if segment.isSYN { noteScale(segment, &sender, &receiver) }
    time(segment, &handshake)
  }

  @inline(__always)
  private static func setBases(
    _ segment: Segment, _ sender: inout DirectionState, _ receiver: inout DirectionState
  ) {
    if !sender.hasBase {
      sender.hasBase = true
      sender.base = segment.isSYN ? segment.sequence : segment.sequence &- 1
    }
    if segment.isSYN, segment.hasACK { sender.base = segment.sequence }
    if !receiver.hasBase, segment.hasACK {
      receiver.hasBase = true
      receiver.base = segment.acknowledgement &- 1
    }
  }

  /// Measures the initial RTT: from the last SYN to the first segment after it that acknowledges.
  @inline(__always)
  private static func time(_ segment: Segment, _ handshake: inout StreamState.Handshake) {
    if segment.isSYN {
      if !segment.hasACK { handshake.synNS = segment.timeNS }
    } else if handshake.roundTripNS == 0, let synNS = handshake.synNS, segment.hasACK {
      handshake.roundTripNS = segment.timeNS &- synNS
    }
  }

  /// Whether `earlierNS` is less than `limitNS` before `timeNS`, and not after it.
  @inline(__always)
  private static func isWithin(_ limitNS: Int64, from earlierNS: Int64, to timeNS: Int64) -> Bool {
    let elapsed = timeNS &- earlierNS
    return elapsed >= 0 && elapsed < limitNS
  }
}

// What the segment is for itself.
extension SequenceAnalysis {
  @inline(__always)
  private static func judgeItself(
    _ segment: Segment, _ sender: inout DirectionState, _ receiver: DirectionState, _ said: inout SegmentAnalysis
  ) {
    let isNext = segment.sequence == sender.next
    if segment.length == 1, isNext, receiver.window == 0 {
      said.flags = .zeroWindowProbe
      return
    }
    if segment.window == 0, segment.isPlain { said.flags.insert(.zeroWindow) }
    if sender.next != 0, segment.sequence.isAfter(sender.next), !segment.isRST {
      said.flags.insert(.lostSegment)
      sender.knowsFlight = false
    }
    guard segment.isPlain else { return }
    if segment.length <= 1, segment.sequence == sender.next &- 1 { said.flags.insert(.keepAlive) }
    if segment.length > 0 {
      if let window = receiver.windowBytes, segment.end == receiver.lastAck &+ window {
        said.flags.insert(.windowFull)
      }
    } else if isNext {
      judgeAck(segment, &sender, receiver, &said)
    }
  }

  /// A segment without data at the next sequence number.
  @inline(__always)
  private static func judgeAck(
    _ segment: Segment, _ sender: inout DirectionState, _ receiver: DirectionState, _ said: inout SegmentAnalysis
  ) {
    guard segment.acknowledgement == sender.lastAck else { return }
    if segment.window != sender.window {
      if segment.window != 0 { said.flags.insert(.windowUpdate) }
    } else if segment.window == 0 {
      if receiver.lastFlags.contains(.zeroWindowProbe) { said.flags.insert(.zeroWindowProbeAck) }
    } else if receiver.lastFlags.contains(.keepAlive) {
      said.flags.insert(.keepAliveAck)
    } else {
      sender.duplicateAcks = sender.missesAcks ? 1 : sender.duplicateAcks &+ 1
      sender.missesAcks = false
      said.flags.insert(.duplicateAck)
      said.duplicateAckNumber = sender.duplicateAcks
      said.duplicateAckFrame = sender.firstAckFrame
    }
  }

  /// A segment that acknowledges what was not captured.
  @inline(never)
  private static func judgeUnseen(_ receiver: inout DirectionState, _ said: inout SegmentAnalysis) {
    if receiver.acknowledgeable.isBefore(receiver.next) {
      receiver.acknowledgeable = receiver.next
      said.flags.insert(.ackLostSegment)
      return
    }
    // Said once until the other direction acknowledges something else. What it misses may be duplicate ACKs.
    if receiver.duplicateAcks == 0, !receiver.missesAcks { said.flags.insert(.ackLostSegment) }
    receiver.missesAcks = true
  }
}

// What the segment repeats.
extension SequenceAnalysis {
  @inline(__always)
  private static func judgeRepetition(
    _ segment: Segment, _ sender: DirectionState, _ receiver: DirectionState, _ handshake: StreamState.Handshake,
    _ said: inout SegmentAnalysis
  ) {
    let start = segment.sequence
    var isBelow = sender.next != 0 && start.isBefore(sender.next)
    // Its first byte may have been a zero-window probe; the rest is new.
    if segment.length > 1, start == sender.next &- 1 { isBelow = false }
    if segment.length > 0, receiver.lastAck != 0, (start &+ segment.length).isAtOrBefore(receiver.lastAck) {
      said.flags.formUnion([.retransmission, .spuriousRetransmission])
      return
    }
    if isBelow { nameRepetition(segment, sender, receiver, handshake, &said) }
  }

  @inline(never)
  private static func nameRepetition(
    _ segment: Segment, _ sender: DirectionState, _ receiver: DirectionState, _ handshake: StreamState.Handshake,
    _ said: inout SegmentAnalysis
  ) {
    let start = segment.sequence
    // Where acknowledgements are missing, duplicate ones may be among them.
    if receiver.duplicateAcks >= 2 || receiver.missesAcks, receiver.lastAck == start,
      isWithin(fastRetransmissionNS, from: receiver.lastTimeNS, to: segment.timeNS)
    {
      said.flags.formUnion([.retransmission, .fastRetransmission])
      return
    }
    let threshold = handshake.roundTripNS == 0 ? defaultReorderingNS : handshake.roundTripNS
    if isWithin(threshold, from: sender.nextTimeNS, to: segment.timeNS), segment.end != sender.next {
      said.flags.insert(.outOfOrder)
      return
    }
    said.flags.insert(.retransmission)
    // The eldest in flight is what a timer would have sent again.
    let repeated = sender.unacked.eldest
    said.repeatedFrame = repeated?.frame ?? sender.nextFrame
    said.sinceRepeatedNS = segment.timeNS &- (repeated?.timeNS ?? sender.nextTimeNS)
  }
}

// What is remembered of the segment.
extension SequenceAnalysis {
  @inline(__always)
  private static func remember(_ segment: Segment, _ sender: inout DirectionState, _ flags: AnalysisFlags) {
    var end = segment.end
    if segment.isSequenced {
      if sender.unacked.count < UnackedSegments.limit {
        sender.unacked.append(
          UnackedSegments.Segment(start: segment.sequence, end: end, frame: segment.frame, timeNS: segment.timeNS),
          base: sender.base)
      } else {
        // Wireshark counts the SYN or FIN only where it remembers the segment.
        end = segment.sequence &+ segment.length
      }
    }
    if !flags.contains(.zeroWindowProbe) {
      if sender.next == 0 || end.isAfter(sender.next) {
        sender.next = end
        sender.nextFrame = segment.frame
        sender.nextTimeNS = segment.timeNS
      }
      if sender.acknowledgeable == 0 || segment.sequence == sender.acknowledgeable {
        sender.acknowledgeable = sender.next
      }
    }
    sender.window = segment.window
    if segment.isSYN { sender.windowIsUnscaled = true } else if segment.hasACK { sender.windowIsUnscaled = false }
    sender.lastAck = segment.acknowledgement
    sender.lastTimeNS = segment.timeNS
    sender.lastFlags = flags
  }

  /// Learns from a SYN whether windows are scaled: one without the option settles that they are not (RFC 7323, 2.2).
  @inline(never)
  private static func noteScale(
    _ segment: Segment, _ sender: inout DirectionState, _ receiver: inout DirectionState
  ) {
    if case .unused = sender.scale { return }
    if let shift = segment.windowScale {
      sender.scale = .shift(UInt8(shift))
    } else if case .unknown = sender.scale {
      sender.scale = .unused
      receiver.scale = .unused
    }
  }
}

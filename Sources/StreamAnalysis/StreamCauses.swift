import Packets

/// Follows one stream to tell the causes of its repetitions and gaps.
struct StreamCauses: Sendable {
  private var low = DirectionCauses()
  private var high = DirectionCauses()
  private var handshake = HandshakeTimes()

  /// Takes the next segment; what is decided is added to `found`.
  mutating func add(_ record: PacketRecord, _ said: StreamAnalyser.Said, _ found: inout [FrameCause]) {
    if said.fromLow {
      Self.add(record, said.analysis.flags, from: &low, to: &high, &handshake, &found)
    } else {
      Self.add(record, said.analysis.flags, from: &high, to: &low, &handshake, &found)
    }
  }

  /// Decides what the end of the capture decides.
  mutating func finish(_ found: inout [FrameCause]) {
    low.finish(&found)
    high.finish(&found)
  }

  @inline(__always)
  private static func add(
    _ record: PacketRecord, _ flags: AnalysisFlags, from sender: inout DirectionCauses,
    to receiver: inout DirectionCauses, _ handshake: inout HandshakeTimes, _ found: inout [FrameCause]
  ) {
    if !handshake.isOver || record.isSYN { handshake.note(record, &sender) }
    if record.isRST {
      sender.noteReset(record, &found)
    } else {
      if record.hasACK { receiver.acknowledge(record, flags, at: sender.next, &found) }
      sender.send(record, flags, handshake, &found)
    }
  }
}

/// When the segments of a handshake passed, in ns, as far as they were seen.
struct HandshakeTimes {
  private var synNS: Int64?
  private var synAckNS: Int64?
  private var acknowledgedNS: Int64?
  /// Data of the side that opened was seen.
  private(set) var isOver = false

  /// Takes a segment, and tells its sender the half of the initial RTT between this point and it.
  mutating func note(_ record: PacketRecord, _ sender: inout DirectionCauses) {
    if record.isSYN, record.hasACK {
      if synAckNS == nil {
        if let synNS { sender.roundTripNS = record.timeNS &- synNS }
        synAckNS = record.timeNS
      }
    } else if record.isSYN {
      self = HandshakeTimes()
      synNS = record.timeNS
    } else if let synAckNS, record.hasACK, sender.numbers?.initial.map({ record.sequence == $0 &+ 1 }) ?? true {
      if acknowledgedNS == nil {
        acknowledgedNS = record.timeNS
        sender.roundTripNS = record.timeNS &- synAckNS
      }
      if record.payloadLength > 0 || record.isFIN { isOver = true }
    }
  }

  /// Why a SYN/ACK that comes again does so, if its acknowledgement had come before it and no data since.
  func repeated(at timeNS: Int64) -> Cause? {
    guard !isOver, let synAckNS, let acknowledgedNS, timeNS &- synAckNS >= RepairJudge.leastTimeoutNS else {
      return nil
    }
    // Where the server is nearer than the client, the acknowledgement that passed here has most of its way behind it.
    let isNearServer = synNS.map { synAckNS &- $0 < acknowledgedNS &- synAckNS } ?? false
    return Cause(.deferredAccept, isNearServer ? 0.9 : 0.6, .acknowledged)
  }
}

import Flows
import Packets
import StreamAnalysis
import Verdicts

/// A segment of which Wireshark says one of the words that several points can judge.
struct FlaggedSegment {
  let record: PacketRecord
  let direction: Direction
  let flags: AnalysisFlags
  /// Bytes of sequence space between the end of what its sender had sent and it.
  let gap: Int64
  /// Bytes of sequence space that it acknowledges, and no acknowledgement before it of what was captured.
  let newlyAcknowledged: Int64
  /// Time of the frame before it in the connection, by the point's clock.
  let previousNS: Int64
  /// Of a copy that the capture made: the frame that it copies.
  let copied: UInt32?
}

/// Wireshark's words for one connection at one point, in the order of capture.
struct FlagScan {
  /// How often each word is said.
  private(set) var said = [Int](repeating: 0, count: WiresharkWord.allCases.count)
  /// The segments of which something is said that can be judged.
  private(set) var flagged: [FlaggedSegment] = []

  private static let judged: AnalysisFlags = [.retransmission, .outOfOrder, .lostSegment, .ackLostSegment]

  /// Goes through the records of a connection.
  ///
  /// - Parameter flipped: whether the point takes the server for the client.
  init(_ traffic: PointTraffic, connection: Int, flipped: Bool) {
    var stream = StreamState()
    var (client, server) = (Side(), Side())
    var previousNS = traffic.connections[connection].firstNS
    var recent = RecentRecords()
    for record in traffic.packets(of: connection) {
      recent.append(record)
      guard record.marks.isDisjoint(with: [.icmpError, .fragment]),
        !record.marks.contains(.headerCut) || record.flags != 0
      else { continue }
      let fromLow = record.marks.contains(.fromClient)
      if case .another = stream.opening(record, fromLow: fromLow) {
        stream = StreamState()
        (client, server) = (Side(), Side())
      }
      let flags = stream.add(record, fromLow: fromLow).flags
      let own = fromLow ? client : server
      if !flags.isEmpty {
        count(flags)
        if !flags.isDisjoint(with: Self.judged) {
          flagged.append(
            FlaggedSegment(
              record: record, direction: fromLow != flipped ? .clientToServer : .serverToClient, flags: flags,
              gap: own.reached.map { Int64(Int32(bitPattern: record.sequence &- $0)) } ?? 0,
              newlyAcknowledged: own.acknowledged.map { Int64(Int32(bitPattern: record.acknowledgement &- $0)) } ?? 1,
              previousNS: previousNS,
              copied: record.marks.contains(.captureCopy) ? recent.copiedByLast : nil))
        }
      }
      let isUnseen = flags.contains(.ackLostSegment)
      if fromLow { client.take(record, isUnseen: isUnseen) } else { server.take(record, isUnseen: isUnseen) }
      previousNS = record.timeNS
    }
  }

  /// How far one side has come.
  private struct Side {
    /// The end of what it sent.
    var reached: UInt32?
    /// The most that it acknowledged of what was captured: the word is said again of the same bytes.
    var acknowledged: UInt32?

    mutating func take(_ record: PacketRecord, isUnseen: Bool) {
      guard !record.isRST else { return }
      let end = record.sequence &+ record.sequenceLength
      if reached.map({ Int32(bitPattern: end &- $0) > 0 }) ?? true { reached = end }
      let acknowledgement = record.acknowledgement
      if record.hasACK, !isUnseen, acknowledged.map({ Int32(bitPattern: acknowledgement &- $0) > 0 }) ?? true {
        acknowledged = acknowledgement
      }
    }
  }

  private mutating func count(_ flags: AnalysisFlags) {
    for (flag, word) in Self.words where flags.contains(flag) { said[Int(word.rawValue)] += 1 }
  }

  static let words: [(flag: AnalysisFlags, word: WiresharkWord)] = [
    (.retransmission, .retransmission), (.fastRetransmission, .fastRetransmission),
    (.spuriousRetransmission, .spuriousRetransmission), (.outOfOrder, .outOfOrder), (.lostSegment, .lostSegment),
    (.ackLostSegment, .ackLostSegment), (.duplicateAck, .duplicateAck), (.keepAlive, .keepAlive),
    (.keepAliveAck, .keepAliveAck), (.zeroWindow, .zeroWindow), (.zeroWindowProbe, .zeroWindowProbe),
    (.zeroWindowProbeAck, .zeroWindowProbeAck), (.windowUpdate, .windowUpdate), (.windowFull, .windowFull),
  ]
}

/// The last records of a connection, in which a copy that the capture made finds its original.
private struct RecentRecords {
  /// Copies that a capture makes follow within so many packets of the connection.
  private static let copyDistance = 64
  private var records: [PacketRecord] = []
  /// Where the oldest one is.
  private var oldest = 0

  mutating func append(_ record: PacketRecord) {
    if records.count <= Self.copyDistance { return records.append(record) }
    records[oldest] = record
    oldest = (oldest + 1) % records.count
  }

  /// The frame that the last one repeats.
  var copiedByLast: UInt32? {
    let count = records.count
    guard count > 1 else { return nil }
    let copy = records[(oldest + count - 1) % count]
    for back in 2...count {
      let record = records[(oldest + count - back) % count]
      if !record.marks.contains(.captureCopy), record.sequence == copy.sequence, record.ipID == copy.ipID,
        record.payloadLength == copy.payloadLength, record.flags == copy.flags,
        record.marks.contains(.fromClient) == copy.marks.contains(.fromClient)
      {
        return record.frame
      }
    }
    return nil
  }
}

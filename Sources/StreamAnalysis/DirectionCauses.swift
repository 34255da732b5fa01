import Packets

/// What is remembered of one direction of a stream to tell causes.
struct DirectionCauses {
  /// Bytes that were passed over.
  struct Gap {
    var start: UInt32
    var end: UInt32
    /// The frame behind it.
    let frame: UInt32
    let timeNS: Int64
    /// The last segment before it and the first behind it.
    let before: Marks
    let after: Marks
    /// Opened by a FIN.
    let isBeforeFIN: Bool
    /// Duplicate ACKs that were seen since.
    var duplicateAcks = 0
    /// A part of it came, which told what became of it.
    var isExplained = false
  }

  /// What tells the order in which a host sent its segments.
  struct Marks {
    let ipID: UInt16
    /// TSval, if there is one.
    let timestamp: UInt32?

    init(_ record: PacketRecord) {
      ipID = record.ipID
      timestamp = record.marks.contains(.timestamps) ? record.timestampValue : nil
    }
  }

  /// A repetition whose cause may turn out to be another one.
  struct Repair {
    let start: UInt32
    let end: UInt32
    let timestamp: UInt32?
    /// Where its cause stands among those found.
    let index: Int
  }

  /// An acknowledgement by the other side of bytes that were not seen.
  struct Unseen {
    /// Its number.
    let number: UInt32
    /// Sequence number of the first byte that was not seen.
    let start: UInt32
    let timeNS: Int64
    /// Where its cause stands among those found.
    let index: Int
  }

  /// As many repairs wait for a duplicate SACK.
  static let repairLimit = 64

  /// What may be acknowledged, if the SYN was seen.
  var numbers: SentNumbers?
  /// Sequence number behind the highest segment, once one was seen.
  var next: UInt32?
  /// Of the segment with the highest sequence number.
  var highest: Marks?
  /// When that was sent, in ns.
  var highestNS: Int64 = 0
  var sent = SentSegments()
  /// Whether new segments have IP IDs of their own.
  var countsIDs = false
  var gaps: [Gap] = []
  var repairs: [Repair] = []
  var timeout: TimeoutWatch?
  /// Largest payload, in bytes.
  var largest: UInt32 = 0
  /// What the other side acknowledged last, and the window that it offered with it, as on the wire.
  var acknowledged: UInt32?
  var offered: UInt16 = 0
  /// The newest acknowledgement of what was not seen.
  var unseen: Unseen?
  /// Behind the last probe of a closed window, which counts as not seen.
  var probeEnd: UInt32?
  /// What the other side holds above that.
  var sacked = SequenceRanges()
  /// Duplicate ACKs of the other side since the last new acknowledgement, and when the first and last came, in ns.
  var duplicateAcks = 0
  var firstDuplicateNS: Int64 = 0
  var lastDuplicateNS: Int64 = 0
  /// What had been sent when the running recovery began.
  var recoveryEnd: UInt32?
  /// From this point to the sender of this direction and back, in ns, by the handshake.
  var roundTripNS: Int64?

  /// Whether the other side has not yet acknowledged all that had been sent when recovery began.
  var isRecovering: Bool {
    guard let recoveryEnd, let acknowledged else { return false }
    return acknowledged.isBefore(recoveryEnd)
  }

  /// Remembers a segment.
  mutating func remember(_ record: PacketRecord, end: UInt32) {
    largest = max(largest, record.payloadLength)
    if record.isSYN { numbers = SentNumbers(syn: record.sequence) }
    sent.append(
      SentSegments.Segment(start: record.sequence, end: end, timeNS: record.timeNS, ipID: record.ipID))
    if next.map({ end.isAfter($0) }) ?? true {
      if let highest, record.ipID != highest.ipID { countsIDs = true }
      numbers?.reach(end)
      next = end
      highest = Marks(record)
      highestNS = record.timeNS
    }
  }
}

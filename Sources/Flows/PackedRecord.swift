import Packets

/// How a record is packed: three bytes that say how long its fields are, then the fields.
///
/// Most packets go on where their sender's last one ended, so that 64 bytes become some 15 to 25.
///
///     bits    field                          in so many bytes                  as
///     0       sent by the client
///     1       copy made by the capture
///     2, 3    time                           2, 3, 4, 8                        what it is above the packet before
///     4, 5    frame                          1, 2, 3, 4                        what it is above the packet before
///     6, 7    sequence number                0, 1, 2, 4                        what it is above the end of the sender's last
///     8, 9    acknowledgement number         0, 1, 2, 4                        what it is above the sender's last
///     10, 11  payload length                 0: as the sender's last; 1, 2, 4  itself
///     12, 13  TSval                          0, 1, 2, 4                        what it is above the sender's last
///     14, 15  TSecr                          0, 1, 2, 4                        what it is above the sender's last
///     16, 17  IP ID                          0: one more, 0: the same, 2       itself; 3 ends the block
///     18      window                         0: as the sender's last, 2        itself
///     19      flags                          0: as the sender's last, 1        itself
///     20      marks, TTL, traffic class      0: as the sender's last, 4        themselves
///     21      first SACK block, their number 0: none, 9                        themselves
///     22      digest                         0: none, 8                        itself
///     23      sum of the payload             0: none, 2                        itself
///
/// All numbers are as the processor has them, and differences wrap around.
enum PackedRecord {
  /// Bytes of the control word.
  static let controlLength = 3
  /// Bytes that the longest record takes.
  static let mostBytes = 63
  /// Bytes behind a record that writing and reading it may touch.
  static let slack = 8

  /// Set in the control word of a record whose ``PacketRecord/Marks/captureCopy`` is set.
  static let copyBit: UInt8 = 2
  /// The bits 16 and 17, both of which are set in no record: the rest of a block is empty.
  static let endOfBlock: UInt8 = 3

  /// The bits of what is mostly as it was.
  static let rareBits: UInt32 = 1 << 1 | 0b1111 << 18

  /// Marks that have a bit of their own.
  @inline(__always)
  static var ownMarks: PacketRecord.Marks { .fromClient.union(.captureCopy) }

  /// Bytes of a number with this code, from 0 to 3: 0, 1, 2, 4.
  @inline(__always)
  static func length(_ code: Int) -> Int { code &+ (code & code &>> 1) }
}

/// What the next packet of one sender of a connection is expected to be like: its last one.
struct ExpectedPacket: BitwiseCopyable, Sendable {
  private var sequence: UInt32 = 0
  private var acknowledgement: UInt32 = 0
  private var payloadLength: UInt32 = 0
  private var timestampValue: UInt32 = 0
  private var timestampEcho: UInt32 = 0
  private var ipID: UInt16 = 0
  private var shape: UInt64 = 0

  /// Writes a record of this sender to where there is room for ``PackedRecord/mostBytes`` and the slack.
  ///
  /// - Parameters:
  ///   - afterNS: its time above that of the packet before.
  ///   - afterFrames: its frame above that of the packet before.
  /// - Returns: its length.
  @inline(never)
  mutating func pack(
    _ record: PacketRecord, afterNS: UInt64, afterFrames: UInt32, to start: UnsafeMutableRawPointer
  ) -> Int {
    var writer = unsafe FieldWriter(start)
    writer.put(timeNS: afterNS)
    writer.put(frames: afterFrames)
    writer.put(record.sequence &- sequence, code: 6)
    writer.put(record.acknowledgement &- acknowledgement, code: 8)
    writer.put(record.payloadLength, isExpected: record.payloadLength == payloadLength, code: 10)
    writer.put(record.timestampValue &- timestampValue, code: 12)
    writer.put(record.timestampEcho &- timestampEcho, code: 14)
    writer.put(ipID: record.ipID, expected: ipID)
    writer.control |= UInt32(record.marks.rawValue & PacketRecord.Marks.fromClient.rawValue)
    if record.shape != shape || record.hasMore { packRare(record, &writer) }
    writer.put(record.digest, length: 8, bit: 22, if: record.digest != 0)
    writer.put(record.payloadSum, length: 2, bit: 23, if: record.payloadSum != 0)
    sequence = record.nextSequence
    acknowledgement = record.acknowledgement
    payloadLength = record.payloadLength
    timestampValue = record.timestampValue
    timestampEcho = record.timestampEcho
    ipID = record.ipID
    shape = record.shape
    return unsafe writer.finish(start)
  }

  /// Writes what is mostly as it was.
  @inline(__always)
  private func packRare(_ record: PacketRecord, _ writer: inout FieldWriter) {
    let changed = record.shape ^ shape
    writer.put(record.window, length: 2, bit: 18, if: changed & 0xFFFF != 0)
    writer.put(record.flags, length: 1, bit: 19, if: changed & 0xFF << 16 != 0)
    let rest = UInt32(truncatingIfNeeded: record.shape >> 24)
    writer.put(rest, length: 4, bit: 20, if: changed >> 24 != 0)
    if record.marks.contains(.captureCopy) { writer.control |= UInt32(PackedRecord.copyBit) }
    guard record.hasMore else { return }
    writer.put(record.sackLeft, length: 4, bit: 21, if: true)
    writer.put(record.sackRight, length: 4, bit: 21, if: true)
    writer.put(record.sackBlocks, length: 1, bit: 21, if: true)
  }
}

extension PacketRecord {
  /// What changes rarely: the window, the flags, TTL and traffic class, and the marks that are not in the control word.
  @inline(__always)
  fileprivate var shape: UInt64 {
    UInt64(window) | UInt64(flags) << 16 | UInt64(ttl) << 24 | UInt64(trafficClass) << 32
      | UInt64(marks.subtracting(PackedRecord.ownMarks).rawValue) << 40
  }

  /// Whether there is something that most packets do not have.
  @inline(__always)
  fileprivate var hasMore: Bool { sackLeft | sackRight | UInt32(sackBlocks) != 0 || marks.contains(.captureCopy) }

  /// The sequence number that the sender's next packet is expected to have; numbers of other protocols do not go on by the
  /// length.
  @inline(__always)
  fileprivate var nextSequence: UInt32 { flags == 0 ? sequence : sequence &+ sequenceLength }

  /// Reads a record.
  ///
  /// - Parameters:
  ///   - start: where it is packed; the slack behind its end can be read.
  ///   - places: where fields lie.
  ///   - previous: the sender's record before, from which it takes the connection.
  ///   - record: where it goes, which may be the place of the one before.
  ///   - timeNS: the time of the packet before, and then of this one.
  ///   - frame: the frame of the packet before, and then of this one.
  /// - Returns: its length.
  @inline(never)
  static func unpack(
    _ start: UnsafeRawPointer, _ places: FieldPlaces, after previous: UnsafePointer<PacketRecord>,
    into record: UnsafeMutablePointer<PacketRecord>, timeNS: inout Int64, frame: inout UInt32
  ) -> Int {
    let control = unsafe start.loadUnaligned(as: UInt32.self)
    let (lower, upper) = unsafe (places.lower(control), places.upper(control))
    func number(_ start: UnsafeRawPointer, _ place: UInt8, _ mask: UInt32) -> UInt32 {
      unsafe (start + Int(place)).loadUnaligned(as: UInt32.self) & mask
    }
    let timeAfter = unsafe (start + PackedRecord.controlLength).loadUnaligned(as: UInt64.self) & lower.pointee.timeMask
    timeNS &+= Int64(bitPattern: timeAfter)
    frame &+= unsafe number(start, lower.pointee.frame, lower.pointee.frameMask)
    let sequence =
      unsafe previous.pointee.nextSequence
      &+ number(start, lower.pointee.sequence, lower.pointee.sequenceMask)
    let acknowledgement =
      unsafe previous.pointee.acknowledgement
      &+ number(start, lower.pointee.acknowledgement, lower.pointee.acknowledgementMask)
    let length = unsafe number(start, lower.pointee.length, lower.pointee.lengthMask)
    let payloadLength = unsafe control & 0b11 &<< 10 == 0 ? previous.pointee.payloadLength : length
    let middle = unsafe start + Int(lower.pointee.end)
    let timestampValue = unsafe previous.pointee.timestampValue &+ number(middle, 0, upper.pointee.timestampValueMask)
    let timestampEcho =
      unsafe previous.pointee.timestampEcho
      &+ number(middle, upper.pointee.timestampEcho, upper.pointee.timestampEchoMask)
    let ipID =
      unsafe control & 1 &<< 17 != 0
      ? (middle + Int(upper.pointee.ipID)).loadUnaligned(as: UInt16.self)
      : previous.pointee.ipID &+ UInt16(truncatingIfNeeded: 1 &- (control &>> 16 & 1))
    unsafe record.pointee.timeNS = timeNS
    unsafe record.pointee.frame = frame
    unsafe record.pointee.sequence = sequence
    unsafe record.pointee.acknowledgement = acknowledgement
    unsafe record.pointee.payloadLength = payloadLength
    unsafe record.pointee.timestampValue = timestampValue
    unsafe record.pointee.timestampEcho = timestampEcho
    unsafe record.pointee.ipID = ipID
    unsafe record.pointee.marks = previous.pointee.marks.subtracting(.captureCopy)
    if unsafe previous != UnsafePointer(record) {
      unsafe record.pointee.window = previous.pointee.window
      unsafe record.pointee.flags = previous.pointee.flags
      unsafe record.pointee.ttl = previous.pointee.ttl
      unsafe record.pointee.trafficClass = previous.pointee.trafficClass
      unsafe record.pointee.connection = previous.pointee.connection
    }
    unsafe record.pointee.sackBlocks = 0
    unsafe record.pointee.sackLeft = 0
    unsafe record.pointee.sackRight = 0
    if control & PackedRecord.rareBits != 0 {
      unsafe record.pointee.unpackRare(FieldReader(middle + Int(upper.pointee.rare), control))
    }
    let digest = unsafe (middle + Int(upper.pointee.digest)).loadUnaligned(as: UInt64.self)
    unsafe record.pointee.digest = control & 1 &<< 22 != 0 ? digest : 0
    let sum = unsafe (middle + Int(upper.pointee.sum)).loadUnaligned(as: UInt16.self)
    unsafe record.pointee.payloadSum = control & 1 &<< 23 != 0 ? sum : 0
    return unsafe Int(lower.pointee.end) &+ Int(upper.pointee.end)
  }

  /// Reads what is mostly as it was in the record before, of which this has that.
  @inline(__always)
  private mutating func unpackRare(_ reader: consuming FieldReader) {
    if reader.has(18) { window = UInt16(truncatingIfNeeded: reader.field(length: 2, bit: 18)) }
    if reader.has(19) { flags = UInt8(truncatingIfNeeded: reader.field(length: 1, bit: 19)) }
    var marks = marks.subtracting(PackedRecord.ownMarks)
    if reader.has(20) {
      let rest = UInt32(truncatingIfNeeded: reader.field(length: 4, bit: 20))
      ttl = UInt8(truncatingIfNeeded: rest)
      trafficClass = UInt8(truncatingIfNeeded: rest >> 8)
      marks = Marks(rawValue: UInt16(truncatingIfNeeded: rest >> 16))
    }
    if reader.has(0) { marks.formUnion(.fromClient) }
    if reader.has(1) { marks.formUnion(.captureCopy) }
    self.marks = marks
    guard reader.has(21) else { return }
    sackLeft = UInt32(truncatingIfNeeded: reader.field(length: 4, bit: 21))
    sackRight = UInt32(truncatingIfNeeded: reader.field(length: 4, bit: 21))
    sackBlocks = UInt8(truncatingIfNeeded: reader.field(length: 1, bit: 21))
  }
}

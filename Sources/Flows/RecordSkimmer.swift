public import Packets

/// What can be said of a packet without unpacking its record.
public struct PacketGlance: BitwiseCopyable, Sendable, Equatable {
  /// Nanoseconds since the Unix epoch, by the capturing point's own clock.
  public var timeNS: Int64 = 0
  /// The frame's running number within the point, from 1.
  public var frame: UInt32 = 0
  /// See ``PacketRecord/marks``.
  public var marks: PacketRecord.Marks = []

  /// Nothing yet.
  public init() {}
}

/// Goes through the packed records of one connection for when each passed and who sent it, at a third of what unpacking
/// them costs; to be used while the store is held.
@safe
public struct RecordSkimmer {
  private var walk: BlockWalk
  /// Packets that are still to come.
  public private(set) var left: Int
  private var last = Last()

  /// What the packets before say of the next one.
  private struct Last {
    var timeNS: Int64 = 0
    var frame: UInt32 = 0
    /// Marks of the last packet of each side, but for those that each record has a bit for.
    var clientMarks: UInt16 = 0
    var serverMarks: UInt16 = 0

    /// The packet whose record begins there, and the record's length.
    @inline(__always)
    mutating func next(_ start: UnsafeRawPointer, _ lengths: Span<UInt8>) -> (PacketGlance, Int) {
      let control = unsafe start.loadUnaligned(as: UInt32.self)
      var reader = unsafe FieldReader(start)
      timeNS &+= Int64(bitPattern: reader.timeNS())
      frame &+= reader.frames()
      let isFromClient = control & 1 != 0
      let (lower, upper) = (Int(control & 0xFFF), control &>> 12 & 0xFFF)
      // What the marks stand behind: all that the twenty lower bits speak of.
      let toMarks = Int(lengths[lower]) &+ Int(lengths[PackedLengths.upper(upper & 0xFF)])
      let changed = unsafe start.loadUnaligned(fromByteOffset: toMarks &+ 2, as: UInt16.self)
      let marks = control & 1 &<< 20 != 0 ? changed : isFromClient ? clientMarks : serverMarks
      clientMarks = isFromClient ? marks : clientMarks
      serverMarks = isFromClient ? serverMarks : marks
      var glance = PacketGlance()
      glance.timeNS = timeNS
      glance.frame = frame
      glance.marks = PacketRecord.Marks(rawValue: marks | UInt16(truncatingIfNeeded: control & 1))
      if control & UInt32(PackedRecord.copyBit) != 0 { glance.marks.formUnion(.captureCopy) }
      return (glance, Int(lengths[lower]) &+ Int(lengths[PackedLengths.upper(upper)]))
    }
  }

  /// - Parameter firstLine: where the connection's first block begins.
  init(_ store: RecordStore, firstLine: UInt32, count: Int) {
    left = count
    walk = BlockWalk(store, firstLine: count > 0 ? firstLine : nil)
  }

  /// Puts the next packets into `glances`, in the order of capture.
  ///
  /// - Returns: how many; 0 if none is left.
  public mutating func skim(into glances: inout [PacketGlance]) -> Int {
    var span = glances.mutableSpan
    let lengths = PackedLengths.table.span
    let count = min(left, span.count)
    // What changes with each packet is held here, so that it stays in registers.
    var (index, last) = (0, last)
    while index < count {
      walk.settle()
      var place = unsafe walk.place
      let end = unsafe walk.end
      repeat {
        let (glance, length) = unsafe last.next(UnsafeRawPointer(place), lengths)
        span[index] = glance
        unsafe place += length
        index &+= 1
      } while unsafe index < count && !BlockWalk.isAtEnd(place, of: end)
      unsafe walk.place = place
    }
    self.last = last
    left -= count
    return count
  }
}

/// How long a packed record is, by its control word: what its lower twelve bits say, then what its upper ones do.
private enum PackedLengths {
  private static let combinations: UInt32 = 1 << 12

  static let table: [UInt8] = (0..<combinations).map(lower) + (0..<combinations).map { rest($0 << 12) }

  /// Where the table says what these upper bits do.
  @inline(__always)
  static func upper(_ bits: UInt32) -> Int { Int(bits | 1 &<< 12) }

  private static func lower(_ control: UInt32) -> UInt8 {
    let timeCode = control >> 2 & 3
    let fixed = PackedRecord.controlLength + (timeCode == 3 ? 8 : Int(timeCode) + 2) + Int(control >> 4 & 3) + 1
    return UInt8(fixed) + numbers(control, from: [6, 8, 10])
  }

  private static func rest(_ control: UInt32) -> UInt8 {
    let ipID = UInt8(control >> 16 & 2)
    let fields: [(bit: UInt32, length: UInt8)] = [(18, 2), (19, 1), (20, 4), (21, 9), (22, 8), (23, 2)]
    return fields.reduce(numbers(control, from: [12, 14]) + ipID) { $0 + (control >> $1.bit & 1 != 0 ? $1.length : 0) }
  }

  private static func numbers(_ control: UInt32, from shifts: [UInt32]) -> UInt8 {
    shifts.reduce(0) { $0 + UInt8(PackedRecord.length(Int(control >> $1 & 3))) }
  }
}

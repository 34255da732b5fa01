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
    mutating func next(_ start: UnsafeRawPointer, _ places: FieldPlaces) -> (PacketGlance, Int) {
      let control = unsafe start.loadUnaligned(as: UInt32.self)
      let (lower, upper) = unsafe (places.lower(control), places.upper(control))
      let afterNS = unsafe (start + PackedRecord.controlLength).loadUnaligned(as: UInt64.self) & lower.pointee.timeMask
      timeNS &+= Int64(bitPattern: afterNS)
      let frames = unsafe (start + Int(lower.pointee.frame)).loadUnaligned(as: UInt32.self) & lower.pointee.frameMask
      frame &+= frames
      let isFromClient = control & 1 != 0
      // The marks stand behind TTL and traffic class.
      let shape = unsafe start + Int(lower.pointee.end) + Int(upper.pointee.shape)
      let changed = unsafe shape.loadUnaligned(fromByteOffset: 2, as: UInt16.self)
      let marks = control & 1 &<< 20 != 0 ? changed : isFromClient ? clientMarks : serverMarks
      clientMarks = isFromClient ? marks : clientMarks
      serverMarks = isFromClient ? serverMarks : marks
      var glance = PacketGlance()
      glance.timeNS = timeNS
      glance.frame = frame
      glance.marks = PacketRecord.Marks(rawValue: marks | UInt16(truncatingIfNeeded: control & 1))
      if control & UInt32(PackedRecord.copyBit) != 0 { glance.marks.formUnion(.captureCopy) }
      return unsafe (glance, Int(lower.pointee.end) &+ Int(upper.pointee.end))
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
    let places = FieldPlaces.all
    let count = min(left, span.count)
    // What changes with each packet is held here, so that it stays in registers.
    var (index, last) = (0, last)
    while index < count {
      walk.settle()
      var place = unsafe walk.place
      let end = unsafe walk.end
      repeat {
        let (glance, length) = unsafe last.next(UnsafeRawPointer(place), places)
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

/// Where the fields of a ``PackedRecord`` lie and how long they are, by its control word: read from tables, as to reckon it
/// takes most of the instructions of unpacking.
@safe
struct FieldPlaces {
  private let lower: UnsafePointer<Lower>
  private let upper: UnsafePointer<Upper>

  /// What the lower twelve bits of a control word say.
  struct Lower {
    var timeMask: UInt64
    var frameMask: UInt32
    var sequenceMask: UInt32
    var acknowledgementMask: UInt32
    var lengthMask: UInt32
    /// Where fields begin, from the beginning of the record; the time comes first.
    var frame: UInt8
    var sequence: UInt8
    var acknowledgement: UInt8
    var length: UInt8
    /// Where what the upper bits speak of begins.
    var end: UInt8
  }

  /// What the upper twelve bits of a control word say.
  struct Upper {
    var timestampValueMask: UInt32
    var timestampEchoMask: UInt32
    /// Where fields begin, from ``Lower/end``, where TSval does.
    var timestampEcho: UInt8
    var ipID: UInt8
    /// What is mostly as it was: window, flags, then TTL, traffic class and marks, then the SACK block.
    var rare: UInt8
    var shape: UInt8
    var digest: UInt8
    var sum: UInt8
    /// Where the record ends.
    var end: UInt8
  }

  /// The tables, which stay as long as the program runs.
  static let all = FieldPlaces()

  private init() {
    unsafe lower = unsafe Self.table(of: 1 << 10) { Lower($0 << 2) }
    unsafe upper = unsafe Self.table(of: 1 << 12) { Upper($0 << 12) }
  }

  private static func table<Entry>(of count: Int, _ entry: (UInt32) -> Entry) -> UnsafePointer<Entry> {
    let table = UnsafeMutablePointer<Entry>.allocate(capacity: count)
    for index in 0..<count { unsafe (table + index).initialize(to: entry(UInt32(index))) }
    return unsafe UnsafePointer(table)
  }

  /// What the lower bits of this control word say; who sent it and whether it is a copy does not matter.
  @inline(__always)
  func lower(_ control: UInt32) -> UnsafePointer<Lower> { unsafe lower + Int(control &>> 2 & 0x3FF) }

  /// What the upper bits of this control word say.
  @inline(__always)
  func upper(_ control: UInt32) -> UnsafePointer<Upper> { unsafe upper + Int(control &>> 12 & 0xFFF) }
}

extension FieldPlaces: @unchecked Sendable {
  // Nothing changes in the tables once they are made.
}

extension FieldPlaces.Lower {
  fileprivate init(_ control: UInt32) {
    let time = FieldLength.time(control)
    timeMask = time == 8 ? .max : 1 << UInt64(time * 8) - 1
    frameMask = FieldLength.mask(FieldLength.frame(control))
    sequenceMask = FieldLength.mask(FieldLength.number(control, 6))
    acknowledgementMask = FieldLength.mask(FieldLength.number(control, 8))
    lengthMask = FieldLength.mask(FieldLength.number(control, 10))
    frame = UInt8(PackedRecord.controlLength + time)
    sequence = frame + UInt8(FieldLength.frame(control))
    acknowledgement = sequence + UInt8(FieldLength.number(control, 6))
    length = acknowledgement + UInt8(FieldLength.number(control, 8))
    end = length + UInt8(FieldLength.number(control, 10))
  }
}

extension FieldPlaces.Upper {
  fileprivate init(_ control: UInt32) {
    timestampValueMask = FieldLength.mask(FieldLength.number(control, 12))
    timestampEchoMask = FieldLength.mask(FieldLength.number(control, 14))
    timestampEcho = UInt8(FieldLength.number(control, 12))
    ipID = timestampEcho + UInt8(FieldLength.number(control, 14))
    rare = ipID + UInt8(control >> 16 & 2)
    shape = rare + FieldLength.fixed(2, control, 18) + FieldLength.fixed(1, control, 19)
    digest = shape + FieldLength.fixed(4, control, 20) + FieldLength.fixed(9, control, 21)
    sum = digest + FieldLength.fixed(8, control, 22)
    end = sum + FieldLength.fixed(2, control, 23)
  }
}

/// The lengths of the fields of a ``PackedRecord`` in bytes.
private enum FieldLength {
  static func time(_ control: UInt32) -> Int { control >> 2 & 3 == 3 ? 8 : Int(control >> 2 & 3) + 2 }

  static func frame(_ control: UInt32) -> Int { Int(control >> 4 & 3) + 1 }

  /// Of a number whose code begins at this bit.
  static func number(_ control: UInt32, _ shift: UInt32) -> Int { PackedRecord.length(Int(control >> shift & 3)) }

  static func fixed(_ length: UInt8, _ control: UInt32, _ bit: UInt32) -> UInt8 {
    control >> bit & 1 != 0 ? length : 0
  }

  /// The bits of a number of so many bytes.
  static func mask(_ length: Int) -> UInt32 { UInt32(truncatingIfNeeded: 1 << UInt64(length * 8) - 1) }
}

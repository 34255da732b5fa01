/// The interfaces that only frames tell of: those of Linux's "any" device, by the number that the capturing host has for
/// them (LINKTYPE_LINUX_SLL2).
struct ToldInterfaces {
  private struct Slot {
    var key: UInt64
    var interface: Int
  }

  /// A host with more is damage, or has more than anybody would look at one by one: the further ones count as one.
  private static let most = 4096
  private static let slotCount = 64

  /// What was looked up last, by the lower bits of the number: most hosts have every interface in here.
  private var slots: [Slot] = []
  private var known: [UInt64: Int] = [:]

  var isFull: Bool { known.count >= Self.most }

  /// The interface that this number stands for within a described one, or `nil` if it is new.
  @inline(__always) mutating func interface(_ number: UInt32, lane: Int) -> Int? {
    let key = Self.key(number, lane: lane)
    let place = Int(number) & (Self.slotCount &- 1)
    guard slots.isEmpty || slots[place].key != key else { return slots[place].interface }
    return find(key, place: place)
  }

  @inline(never) private mutating func find(_ key: UInt64, place: Int) -> Int? {
    guard let interface = known[key] else { return nil }
    slots[place] = Slot(key: key, interface: interface)
    return interface
  }

  mutating func add(_ number: UInt32, lane: Int, interface: Int) {
    // No lane has the number that an empty slot has.
    if slots.isEmpty { slots = Array(repeating: Slot(key: .max, interface: 0), count: Self.slotCount) }
    known[Self.key(number, lane: lane)] = interface
  }

  private static func key(_ number: UInt32, lane: Int) -> UInt64 { UInt64(lane) << 32 | UInt64(number) }
}

extension CaptureReader {
  /// Protocol and two reserved bytes stand before the number, the kind of hardware behind it.
  private static let numberOffset = 4
  private static let hardwareOffset = 8
  /// ARPHRD_LOOPBACK of Linux.
  private static let loopback = 772

  /// The interface that the frame at this offset tells, or `nil` if it is the first one of it.
  @inline(__always) mutating func toldInterface(lane: Int, at offset: Int, captured: Int) -> Int? {
    told.interface(number(at: offset, captured: captured), lane: lane)
      ?? (told.isFull ? told.interface(0, lane: lane) : nil)
  }

  /// Takes in the interface that the frame at this offset tells, and that no frame told before.
  @inline(never) mutating func addTold(
    lane: Int, of described: CaptureInterface, at offset: Int, captured: Int
  ) throws(CaptureDamage.Cause) {
    let number = told.isFull ? 0 : number(at: offset, captured: captured)
    var interface = described
    interface.isToldByFrames = true
    (interface.packets, interface.drops) = (0, nil)
    if isPcapng {
      interface.key = "\(described.key)-\(number)"
    } else {
      interface.number = Int(number)
      interface.key = String(number)
    }
    if captured >= Self.hardwareOffset + 2 {
      interface.isLoopback = bigEndian(at: offset + Self.hardwareOffset, count: 2) == Self.loopback
    }
    told.add(number, lane: lane, interface: interfaces.count)
    try add(interface)
  }

  /// The number in the header of a frame; 0, which Linux gives to none, where it was cut off.
  @inline(__always) private func number(at offset: Int, captured: Int) -> UInt32 {
    guard captured >= Self.hardwareOffset else { return 0 }
    return UInt32(truncatingIfNeeded: bigEndian(at: offset &+ Self.numberOffset, count: 4))
  }

  /// The header has network byte order, whatever that of the file is.
  @inline(__always) private func bigEndian(at offset: Int, count: Int) -> Int {
    var value = 0
    for index in 0..<count { value = value << 8 | Int(window.byte(offset &+ index)) }
    return value
  }
}

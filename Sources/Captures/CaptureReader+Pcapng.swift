/// The blocks of a pcapng file that are read (draft-ietf-opsawg-pcapng); others are passed over.
private enum BlockType {
  static let sectionHeader: UInt32 = 0x0A0D_0D0A
  static let interfaceDescription: UInt32 = 1
  static let obsoletePacket: UInt32 = 2
  static let simplePacket: UInt32 = 3
  static let interfaceStatistics: UInt32 = 5
  static let enhancedPacket: UInt32 = 6
  /// What is no packet and yet has a number in Wireshark: journal entries, system calls (three forms), custom blocks
  /// (two forms).
  static let countedAsFrames: Set<UInt32> = [9, 0x204, 0x216, 0x221, 0xBAD, 0x4000_0BAD]
}

/// A packet within a block.
private struct BlockPacket {
  var timeNS: Int64
  var wireLength: Int
  var captured: Int
  /// The place of its interface in `CaptureReader.lanes`.
  var lane: Int
  /// Where its bytes stand in the block.
  var offset: Int
  /// Packets lost since the last one, if its options say.
  var drops: Int?
}

extension CaptureReader {
  /// Type and length at the start of a block, and the length again at its end.
  private static let blockFrame = 12
  /// What libpcap and Wireshark take for the longest block that somebody meant to write.
  private static let longestBlock = 16 << 20
  /// Room for the options of a block with a packet of unusual length.
  private static let roomForOptions = 128 << 10

  /// Reads blocks of a pcapng file: type, length, body, length again.
  ///
  /// - Returns: whether there may be more.
  mutating func readPcapng(
    limit: Int, through lastTimeNS: Int64, _ body: (_ frame: FrameHeader, _ bytes: RawSpan) -> Void
  ) throws(CaptureDamage.Cause) -> Bool {
    var remaining = limit
    while remaining > 0 {
      guard window.holds(Self.blockFrame) else {
        try endsCleanly()
        return false
      }
      let type = window.word(0)
      if type == BlockType.sectionHeader { try tellByteOrder() }
      let length = try holdBlock()
      let packet: BlockPacket
      switch type {
      case BlockType.enhancedPacket: packet = try enhancedPacket(length)
      case BlockType.simplePacket: packet = try simplePacket(length)
      case BlockType.obsoletePacket: packet = try obsoletePacket(length)
      case BlockType.interfaceDescription:
        try describeInterface(length)
        window.advance(length)
        return true
      default:
        if type == BlockType.sectionHeader { try startSection(length) }
        if type == BlockType.interfaceStatistics { try takeStatistics(length) }
        if BlockType.countedAsFrames.contains(type) { framesRead += 1 }
        window.advance(length)
        continue
      }
      var interface = lanes[packet.lane].interface
      if lanes[packet.lane].isTold {
        guard let told = toldInterface(lane: packet.lane, at: packet.offset, captured: packet.captured) else {
          try addTold(
            lane: packet.lane, of: interfaces[interface], at: packet.offset, captured: packet.captured)
          return true
        }
        interface = told
      }
      guard packet.timeNS <= lastTimeNS else {
        pendingTime = packet.timeNS
        return true
      }
      if let drops = packet.drops {
        interfaces[interface].drops = (interfaces[interface].drops ?? 0).addingClamped(drops)
      }
      interfaces[interface].packets &+= 1
      deliver(
        timeNS: packet.timeNS, wireLength: packet.wireLength, interface: interface, at: packet.offset,
        captured: packet.captured, body)
      window.advance(length)
      remaining &-= 1
    }
    return true
  }

  /// Has the block at hand in memory, whole, and gives its length.
  @inline(__always) private mutating func holdBlock() throws(CaptureDamage.Cause) -> Int {
    let length = Int(window.word(4))
    if length < Self.blockFrame || length & 3 != 0 || length > Self.longestBlock {
      guard length & 3 == 0, length >= Self.blockFrame, length <= longestUnusualBlock else {
        throw .malformed(.recordLength(length))
      }
    }
    guard window.holds(length) else { throw shortage }
    let end = Int(window.word(length &- 4))
    guard end == length else { throw .malformed(.lengthsDiffer(start: length, end: end)) }
    return length
  }

  private var longestUnusualBlock: Int {
    max(Self.longestBlock, (lanes.map(\.longestPacket).max() ?? 0) + Self.roomForOptions)
  }
}

// MARK: - Packets

extension CaptureReader {
  /// Interface, time in two halves, captured length, length on the wire; bytes; options.
  @inline(__always) private mutating func enhancedPacket(_ length: Int) throws(CaptureDamage.Cause) -> BlockPacket {
    let header = 28
    guard length >= header &+ 4 else { throw .malformed(.recordLength(length)) }
    let lane = try lane(Int(window.word(8)))
    let captured = try captured(Int(window.word(20)), room: length &- header &- 4, lane: lane)
    let ticks = UInt64(window.word(12)) << 32 | UInt64(window.word(16))
    let padded = (captured &+ 3) & ~3
    let hasOptions = header &+ padded &+ 4 < length
    return BlockPacket(
      timeNS: lanes[lane].clock.nanoseconds(ticks), wireLength: Int(window.word(24)), captured: captured,
      lane: lane, offset: header,
      drops: hasOptions ? drops(optionsFrom: header &+ padded, to: length &- 4) : nil)
  }

  /// Length on the wire; bytes.
  ///
  /// It is of the first interface, has no time, and is cut to the snap length.
  private mutating func simplePacket(_ length: Int) throws(CaptureDamage.Cause) -> BlockPacket {
    let header = 12
    guard length >= header + 4 else { throw .malformed(.recordLength(length)) }
    let lane = try lane(0)
    let wireLength = Int(window.word(8))
    let kept = min(wireLength, interfaces[lanes[lane].interface].snapLength)
    let captured = try captured(kept, room: length - header - 4, lane: lane)
    return BlockPacket(timeNS: 0, wireLength: wireLength, captured: captured, lane: lane, offset: header)
  }

  /// Interface and drops in 16 bits each, then as in an enhanced packet.
  private mutating func obsoletePacket(_ length: Int) throws(CaptureDamage.Cause) -> BlockPacket {
    let header = 28
    guard length >= header + 4 else { throw .malformed(.recordLength(length)) }
    let lane = try lane(Int(window.half(8)))
    let captured = try captured(Int(window.word(20)), room: length - header - 4, lane: lane)
    let ticks = UInt64(window.word(12)) << 32 | UInt64(window.word(16))
    return BlockPacket(
      timeNS: lanes[lane].clock.nanoseconds(ticks), wireLength: Int(window.word(24)), captured: captured,
      lane: lane, offset: header)
  }

  /// The place in `lanes` of an interface that is counted within its section.
  @inline(__always) private func lane(_ inSection: Int) throws(CaptureDamage.Cause) -> Int {
    let index = sectionBase &+ inSection
    guard index < lanes.count else { throw .malformed(.unknownInterface(inSection)) }
    return index
  }

  @inline(__always)
  private func captured(_ captured: Int, room: Int, lane: Int) throws(CaptureDamage.Cause) -> Int {
    let longest = lanes[lane].longestPacket
    guard captured <= longest else { throw .malformed(.packetTooLong(captured: captured, limit: longest)) }
    guard captured <= room else { throw .malformed(.packetOverrunsRecord(captured: captured, room: room)) }
    return captured
  }
}

// MARK: - Sections, interfaces, statistics

extension CaptureReader {
  /// The byte-order magic behind type and length of a section header, which are the only ones before it.
  private mutating func tellByteOrder() throws(CaptureDamage.Cause) {
    window.isBigEndian = false
    switch window.word(8) {
    case 0x1A2B_3C4D: break
    case 0x4D3C_2B1A: window.isBigEndian = true
    default: throw .malformed(.byteOrder)
    }
  }

  private mutating func startSection(_ length: Int) throws(CaptureDamage.Cause) {
    guard length >= 28 else { throw .malformed(.recordLength(length)) }
    let (major, minor) = (Int(window.half(12)), Int(window.half(14)))
    guard major == 1 else { throw .malformed(.sectionVersion(major: major, minor: minor)) }
    sectionBase = lanes.count
  }

  /// Link type, reserved, snap length; options.
  private mutating func describeInterface(_ length: Int) throws(CaptureDamage.Cause) {
    guard length >= 20 else { throw .malformed(.recordLength(length)) }
    var name: String?
    var description: String?
    var resolution: UInt8 = 6
    var offsetSeconds: Int64 = 0
    for option in options(from: 16, to: length - 4) {
      switch (option.code, option.length) {
      case (2, _): name = text(option)
      case (3, _): description = text(option)
      case (9, 1...): resolution = window.byte(option.offset)
      case (14, 8...): offsetSeconds = Int64(bitPattern: window.long(option.offset))
      default: break
      }
    }
    let interface = CaptureInterface(
      linkType: Int32(window.half(8)), name: name ?? description, number: lanes.count, snapLength: window.word(12))
    let clock: InterfaceClock
    do throws(RecordFault) {
      clock = try InterfaceClock(resolution: resolution, offsetSeconds: offsetSeconds)
    } catch {
      throw .malformed(error)
    }
    addLane(interface, clock: clock)
    try add(interface)
  }

  /// Interface, time in two halves; options.
  ///
  /// The counters run from the start of the capture.
  private mutating func takeStatistics(_ length: Int) throws(CaptureDamage.Cause) {
    guard length >= 24 else { throw .malformed(.recordLength(length)) }
    let index = lanes[try lane(Int(window.word(8)))].interface
    var drops: Int?
    for option in options(from: 20, to: length - 4) {
      // isb_ifdrop, by the interface; isb_osdrop, by the operating system.
      guard option.code == 5 || option.code == 7, option.length >= 8 else { continue }
      drops = (drops ?? 0).addingClamped(Int(clamping: window.long(option.offset)))
    }
    if let drops { interfaces[index].drops = drops }
  }

  /// The value of epb_dropcount: packets lost since the last one of this interface.
  @inline(never) private func drops(optionsFrom start: Int, to end: Int) -> Int? {
    let option = options(from: start, to: end).first { $0.code == 4 && $0.length >= 8 }
    return option.map { Int(clamping: window.long($0.offset)) }
  }

  private struct Option {
    var code: UInt16
    var offset: Int
    var length: Int
  }

  /// The options between two offsets; one that claims more than there is ends the list, and costs no packet.
  private func options(from start: Int, to end: Int) -> [Option] {
    var options: [Option] = []
    var offset = start
    while offset + 4 <= end {
      let option = Option(code: window.half(offset), offset: offset + 4, length: Int(window.half(offset + 2)))
      guard option.code != 0, option.offset + option.length <= end else { break }
      options.append(option)
      offset = option.offset + (option.length + 3) & ~3
    }
    return options
  }

  /// UTF-8; some end it with a zero.
  private func text(_ option: Option) -> String? {
    let bytes = unsafe window.bytes(option.offset, count: option.length).prefix { $0 != 0 }
    return unsafe bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}

extension Int {
  fileprivate func addingClamped(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}

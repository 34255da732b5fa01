import Packets

/// Knows to which connection the fragments of a datagram belong, as only the first has the ports.
///
/// A fixed number of datagrams, one in each slot: a new datagram takes the slot of an older one with the same place. What
/// comes before its first fragment waits as long as its datagram has the slot.
struct FragmentTable {
  /// What the fragments of one datagram share (RFC 791, 3.2; RFC 8200, 4.5).
  struct Key: Equatable {
    var source: IPAddress
    var destination: IPAddress
    var identification: UInt32
    var protocolNumber: UInt8
    /// Protocol number to give to fragments whose first never comes.
    var transport: UInt8

    init(_ packet: DecodedPacket) {
      source = packet.source.address
      destination = packet.destination.address
      identification = packet.fragment.identification
      protocolNumber = packet.fragment.protocolNumber
      transport = packet.transport
    }

    static func == (left: Key, right: Key) -> Bool {
      left.identification == right.identification && left.protocolNumber == right.protocolNumber
        && left.source == right.source && left.destination == right.destination
    }

    var slot: Int {
      var value = source.low &* 0x9E37_79B9_7F4A_7C15 ^ source.high
      value = (value ^ value >> 29) &+ destination.low &+ destination.high &* 31
      value = (value ^ value >> 32) &+ UInt64(identification) << 8 | UInt64(protocolNumber)
      return Int(truncatingIfNeeded: (value &* 0x94D0_49BB_1331_11EB) >> 48) % FragmentTable.slots
    }
  }

  /// The first fragment of a datagram, with its connection.
  struct First {
    var record: PacketRecord
    /// Where the payload begins in the datagram, in bytes; 0 if its transport header is not in one piece.
    var headerLength: UInt32
    var isTCP: Bool
  }

  /// A fragment that came before the first one of its datagram.
  struct Waiting {
    var record: PacketRecord
    var slot: Int
    var offset: UInt16
  }

  private struct Datagram {
    var key: Key
    var latestNS: Int64
    var first: First?
    /// Fragments that were seen, from the beginning of the slot's part of ``ranges``.
    var fragments = 0
    /// Bytes of them, and how many there are if the last one was seen.
    var seenBytes: UInt32 = 0
    var allBytes: UInt32?
  }

  static let slots = 512
  /// Fragments of a datagram that are remembered to find overlaps: those of 64 KiB in frames of 1,500 bytes.
  static let mostFragments = 46
  /// Fragments of all datagrams that may wait for their first one.
  static let mostWaiting = 64
  /// A fragment that comes later than this after the one before is of another datagram with the same number.
  static let windowNS: Int64 = 2_000_000_000

  private var datagrams: [Datagram?] = []
  /// Offset (upper half) and end of each fragment that was seen, by slot.
  private var ranges: [UInt32] = []
  /// The digest of each fragment's payload that was seen, by slot; 0 where some of it was not captured.
  private var digests: [UInt64] = []
  /// Fragments without a first one, in the order of capture.
  private(set) var waiting: [Waiting] = []

  /// The slot of a fragment's datagram, and whether it is that datagram which has it.
  func find(_ key: Key, timeNS: Int64) -> (slot: Int, isKnown: Bool) {
    let slot = key.slot
    guard !datagrams.isEmpty, let held = datagrams[slot] else { return (slot, false) }
    return (slot, held.key == key && timeNS &- held.latestNS <= Self.windowNS)
  }

  /// Gives a slot to a new datagram.
  mutating func open(_ key: Key, in slot: Int, timeNS: Int64) {
    if datagrams.isEmpty {
      datagrams = Array(repeating: nil, count: Self.slots)
      ranges = Array(repeating: 0, count: Self.slots * Self.mostFragments)
      digests = Array(repeating: 0, count: Self.slots * Self.mostFragments)
    }
    datagrams[slot] = Datagram(key: key, latestNS: timeNS)
  }

  /// The key of the datagram in a slot.
  func key(in slot: Int) -> Key? { datagrams[slot]?.key }

  /// The first fragment of the datagram in a slot, if it came.
  func first(in slot: Int) -> First? { datagrams[slot]?.first }

  /// Sets the first fragment of the datagram in a slot.
  mutating func setFirst(_ first: First, in slot: Int) { datagrams[slot]?.first = first }

  /// Takes note of a fragment's place and bytes; whether it overlaps another one and is not a copy of it (RFC 5722).
  ///
  /// A receiver that has all of a datagram is done with it: what comes then with other bytes begins another one.
  mutating func note(_ fragment: Fragment, _ record: PacketRecord, in slot: Int) -> Bool {
    guard var datagram = datagrams[slot] else { return false }
    let start = UInt32(fragment.offset)
    let end = min(start + UInt32(fragment.length), 0xFFFF)
    let digest = record.marks.contains(.payloadCut) ? 0 : record.digest
    datagram.latestNS = max(datagram.latestNS, record.timeNS)
    var overlaps = false
    let base = slot * Self.mostFragments
    for place in base..<base + datagram.fragments {
      let (otherStart, otherEnd) = (ranges[place] >> 16, ranges[place] & 0xFFFF)
      if start == otherStart, end == otherEnd, digest == digests[place] || digest == 0 || digests[place] == 0 {
        datagrams[slot] = datagram
        return false
      }
      if start < otherEnd, otherStart < end { overlaps = true }
    }
    if overlaps, datagram.seenBytes == datagram.allBytes {
      (datagram.fragments, datagram.seenBytes, datagram.allBytes) = (0, 0, nil)
      overlaps = false
    }
    if !overlaps { datagram.seenBytes += end - start }
    if !fragment.moreFollow { datagram.allBytes = end }
    if datagram.fragments < Self.mostFragments {
      ranges[base + datagram.fragments] = start << 16 | end
      digests[base + datagram.fragments] = digest
      datagram.fragments += 1
    }
    datagrams[slot] = datagram
    return overlaps
  }

  /// Lets a fragment wait for the first one of its datagram.
  mutating func wait(_ fragment: Waiting) { waiting.append(fragment) }

  /// Takes the fragments out that wait in a slot.
  mutating func takeWaiting(in slot: Int) -> [Waiting] {
    guard waiting.contains(where: { $0.slot == slot }) else { return [] }
    let taken = waiting.filter { $0.slot == slot }
    waiting.removeAll { $0.slot == slot }
    return taken
  }
}

extension PacketRecord {
  /// Makes the record of a later fragment one of the connection of the first, as if its datagram had been sent in parts.
  ///
  /// What is left of a TCP segment goes on in sequence space where the first fragment ends, with its flags but for those
  /// that take place there. Of other datagrams the acknowledgement number says where in the payload it belongs.
  mutating func join(_ first: FragmentTable.First, offset: UInt16) {
    connection = first.record.connection
    marks.formUnion(first.record.marks.intersection([.fromClient, .icmpError, .timestamps]))
    flags = first.record.flags
    window = first.record.window
    sequence = first.record.sequence
    acknowledgement = first.record.acknowledgement
    timestampValue = first.record.timestampValue
    timestampEcho = first.record.timestampEcho
    guard first.isTCP else {
      // An ICMP error tells an MTU there.
      if !marks.contains(.icmpError) { acknowledgement = UInt32(offset) &- first.headerLength }
      return
    }
    flags &= ~(TCPFlags.syn | TCPFlags.fin | TCPFlags.rst)
    if first.headerLength > 0 {
      sequence &+= UInt32(offset) &- first.headerLength
    } else {
      marks.insert(.headerCut)
    }
  }
}

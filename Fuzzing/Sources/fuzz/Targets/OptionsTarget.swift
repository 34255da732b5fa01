import Packets
import TestSupport

/// TCP options of any bytes, read by the decoder and by a second reading that is slow and plain.
///
///     input:  SYN or not | up to 40 bytes
enum OptionsTarget {
  static func run(_ feed: Feed) {
    var feed = feed
    let isSYN = feed.flag()
    var options = feed.take(40)
    while !options.count.isMultiple(of: 4) { options.append(1) }
    var segment = TCPSegment(
      source: "10.0.0.1:1000", destination: "10.0.0.2:80", flags: isSYN ? .syn : .ack, payload: options + [7])
    segment.dataOffset = UInt8(5 + options.count / 4)
    var packet = DecodedPacket()
    let bytes = segment.ipv4().bytes
    let outcome = PacketDecoder(linkType: .ipv4).decode(bytes.span.bytes, wireLength: bytes.count, into: &packet)
    require(outcome == .packet && packet.record.payloadLength == 1, "\(outcome)")
    require(!packet.record.marks.contains(.badChecksum), "the checksum of \(options) does not hold")
    let expected = Plain(options, isSYN: isSYN)
    let record = packet.record
    require(record.marks.contains(.timestamps) == (expected.timestamps != nil), "timestamps of \(options)")
    require(record.timestampValue == expected.timestamps?.value ?? 0, "TSval of \(options)")
    require(record.timestampEcho == expected.timestamps?.echo ?? 0, "TSecr of \(options)")
    if isSYN {
      let read = record.synOptions
      require(read.maximumSegmentSize == expected.segmentSize, "MSS of \(options)")
      require(read.windowScale == expected.windowScale, "window scale of \(options)")
      require(read.sackPermitted == expected.sackPermitted, "SACK permitted of \(options)")
    } else {
      require(Int(record.sackBlocks) == expected.blocks, "SACK blocks of \(options)")
      if expected.blocks > 0 {
        require(record.sackLeft == expected.left && record.sackRight == expected.right, "SACK edges of \(options)")
      }
    }
  }

  /// RFC 9293, 3.1, with RFC 7323 and RFC 2018: the last of several options of a kind holds.
  struct Plain {
    var segmentSize: Int?
    var windowScale: Int?
    var sackPermitted = false
    var timestamps: (value: UInt32, echo: UInt32)?
    var (blocks, left, right) = (0, UInt32(0), UInt32(0))

    init(_ bytes: [UInt8], isSYN: Bool) {
      var rest = bytes[...]
      while let kind = rest.first, kind != 0 {
        if kind == 1 {
          rest = rest.dropFirst()
          continue
        }
        guard let length = rest.dropFirst().first, length >= 2, Int(length) <= rest.count else { return }
        let data = Array(rest.dropFirst(2).prefix(Int(length) - 2))
        rest = rest.dropFirst(Int(length))
        switch (kind, data.count) {
        case (2, 2): segmentSize = Self.number(data) == 0 ? nil : Self.number(data)
        case (3, 1): windowScale = min(14, Int(data[0]))
        case (4, 0): sackPermitted = true
        case (5, 8...) where !isSYN:
          (blocks, left, right) = (data.count / 8, UInt32(Self.number(data[..<4])), UInt32(Self.number(data[4..<8])))
        case (8, 8): timestamps = (UInt32(Self.number(data[..<4])), UInt32(Self.number(data[4...])))
        default: break
        }
      }
    }

    private static func number(_ bytes: some Sequence<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
  }
}

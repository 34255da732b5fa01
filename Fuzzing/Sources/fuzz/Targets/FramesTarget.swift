import Flows
import Packets
import StreamAnalysis

/// Frames of any link type: decoded whole and cut, then sorted into connections, and analysed as Wireshark does it.
///
///     input:  link type | time step, wire surplus, length, bytes | time step, …
enum FramesTarget {
  static let linkTypes = (0...300).map { LinkType(rawValue: $0) }.filter { PacketDecoder.supports($0) }

  static func run(_ feed: Feed) {
    var feed = feed
    let decoder = PacketDecoder(linkType: linkTypes[feed.number(below: linkTypes.count)])
    var builder = PointBuilder()
    var streams = StreamsTwice()
    var (timeNS, frames) = (Int64(0), 0)
    while !feed.isEmpty, frames < 200 {
      timeNS &+= Int64(Int8(bitPattern: feed.byte())) * 1_000_000
      let surplus = Int(feed.byte())
      let bytes = feed.take(Int(feed.half()))
      frames += 1
      decode(bytes, decoder, surplus: surplus)
      builder.add(
        timeNS: timeNS, frame: UInt32(frames), wireLength: bytes.count + surplus, bytes: bytes.span.bytes,
        decoder: decoder)
      streams.add(bytes, decoder, surplus: surplus, timeNS: timeNS, frame: UInt32(frames))
    }
    streams.finish()
    let traffic = builder.finish()
    let held = traffic.connections.reduce(0) { $0 + $1.packets }
    require(traffic.counts.frames == frames, "\(traffic.counts.frames) of \(frames) frames counted")
    require(held <= frames, "\(held) packets of \(frames) frames")
    let records = traffic.connections.indices.flatMap { Array(traffic.packets(of: $0)) }
    require(records.count == held, "\(records.count) records of \(held) packets")
    let numbers = Set(records.map(\.frame))
    require(numbers.count == held, "\(numbers.count) frames of \(held) packets")
    require(numbers.allSatisfy { 1...UInt32(max(1, frames)) ~= $0 }, "a record of a frame that is none")
  }

  private static func decode(_ bytes: [UInt8], _ decoder: PacketDecoder, surplus: Int) {
    var packet = DecodedPacket()
    let wireLength = bytes.count + surplus
    let outcome = decoder.decode(bytes.span.bytes, wireLength: wireLength, into: &packet)
    require(packet.tunnels <= 8, "\(packet.tunnels) tunnels")
    if outcome == .packet {
      // What a tunnel carries goes on in other fragments, if what carries it is the first of several.
      let most = max(wireLength + Int(packet.bytesBeyondFrame), packet.tunnels > 0 ? 0xFFFF : 0)
      require(Int(packet.record.payloadLength) <= most, "\(packet.record.payloadLength) bytes of payload in \(most)")
      require(packet.record.sackBlocks <= 4, "\(packet.record.sackBlocks) SACK blocks")
    }
    // Cut where a snap length may cut it; the bytes behind the cut must not be looked at.
    for kept in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 16)) {
      let cut = Array(bytes[..<kept])
      _ = decoder.decode(cut.span.bytes, wireLength: wireLength, into: &packet)
    }
  }
}

/// The streams of frames by way of common segments, where they are such, and header by header: both must say the same.
private struct StreamsTwice {
  private var (sooner, later) = (StreamAnalyser(), StreamAnalyser())
  private var (causes, otherCauses) = (CauseAnalyser(), CauseAnalyser())
  private var segment = CommonSegment()
  private var packet = DecodedPacket()

  mutating func add(_ bytes: [UInt8], _ decoder: PacketDecoder, surplus: Int, timeNS: Int64, frame: UInt32) {
    let wireLength = bytes.count + surplus
    let isPacket = decoder.decode(bytes.span.bytes, wireLength: wireLength, into: &packet) == .packet
    packet.record.timeNS = timeNS
    packet.record.frame = frame
    let isCommon = decoder.decodeHeaders(bytes.span.bytes, wireLength: wireLength, into: &segment)
    require(isPacket || !isCommon, "a common segment that is no packet")
    guard isPacket else { return }
    segment.record.timeNS = timeNS
    segment.record.frame = frame
    let said = later.add(packet)
    let other = isCommon ? sooner.add(segment) : sooner.add(packet)
    require("\(said as Any)" == "\(other as Any)", "\(said as Any) and \(other as Any)")
    guard let said else { return }
    causes.add(packet.record, said)
    otherCauses.add(isCommon ? segment.record : packet.record, said)
    let (ends, others) = (sooner.endpoints[Int(said.stream)], later.endpoints[Int(said.stream)])
    require("\(ends)" == "\(others)", "\(ends) and \(others)")
    if isCommon { require(segment.source == (said.fromLow ? ends.low : ends.high), "\(segment.source) of \(ends)") }
  }

  func finish() {
    let (found, others) = (causes.finish(), otherCauses.finish())
    require("\(found)" == "\(others)", "\(found) and \(others)")
  }
}

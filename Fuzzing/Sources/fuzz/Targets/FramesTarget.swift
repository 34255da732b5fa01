import Flows
import Packets

/// Frames of any link type: decoded whole and cut, then sorted into connections.
///
///     input:  link type | time step, wire surplus, length, bytes | time step, …
enum FramesTarget {
  static let linkTypes = (0...300).map { LinkType(rawValue: $0) }.filter { PacketDecoder.supports($0) }

  static func run(_ feed: Feed) {
    var feed = feed
    let decoder = PacketDecoder(linkType: linkTypes[feed.number(below: linkTypes.count)])
    var builder = PointBuilder()
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
    }
    let traffic = builder.finish()
    let held = traffic.connections.reduce(0) { $0 + $1.packets }
    require(traffic.counts.frames == frames, "\(traffic.counts.frames) of \(frames) frames counted")
    let ordinals = traffic.connections.indices.reduce(0) { $0 + traffic.ordinals(of: $1).count }
    require(held <= ordinals, "\(held) packets of \(ordinals) records")
    require(ordinals <= frames, "\(ordinals) records of \(frames) frames")
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

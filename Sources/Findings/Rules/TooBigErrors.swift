import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// What the headers of packets that vanished for their size say.
struct OversizedPackets {
  private var seen = 0
  private var unfragmentable = 0
  /// Bytes of IP and TCP header that most of them have, options other than timestamps left out.
  private var headers = 40

  init(_ events: [PacketEvent], _ file: CaseFile) {
    var frames: [Int: [Int: Set<UInt32>]] = [:]
    for event in events {
      if let sighting = event.upstream {
        frames[event.group, default: [:]][sighting.position, default: []].insert(sighting.frame)
      }
    }
    var stamped = 0
    var overIPv6 = 0
    for (group, positions) in frames {
      for (position, wanted) in positions {
        file.forEachSegment(of: file.matched.groups[group], at: position) { record, _ in
          guard wanted.contains(record.frame) else { return true }
          seen += 1
          let isIPv6 = record.marks.contains(.ipv6)
          if isIPv6 { overIPv6 += 1 }
          if isIPv6 || record.marks.contains(.dontFragment) { unfragmentable += 1 }
          if record.marks.contains(.timestamps) { stamped += 1 }
          return true
        }
      }
    }
    headers = (overIPv6 * 2 > seen ? 60 : 40) + (stamped * 2 > seen ? 12 : 0)
  }

  /// Between which sizes of an IP packet the MTU lies, in words.
  func mtu(above limit: UInt32, below smallest: UInt32) -> String {
    seen == 0 ? "" : ": an MTU of \(Int(limit) + headers) to \(Int(smallest) + headers - 1) bytes"
  }

  /// Whether routers may cut them, in words.
  var fragmenting: String {
    if seen == 0 { return "" }
    if unfragmentable == seen { return "All have DF set, so a router must refuse them and say so (RFC 1191)." }
    return unfragmentable == 0
      ? "None has DF set: a router should have cut them, so it is a rule or a defect that drops them."
      : "\(unfragmentable) of \(seen) have DF set."
  }
}

/// ICMP "fragmentation needed" and ICMPv6 "packet too big" about packets that vanished for their size.
struct TooBigErrors {
  /// The first error at each position, by position.
  private var first: [Int: PacketRecord] = [:]
  private let pair: PointPair
  private let direction: Direction
  /// Positions from the segment back to the sender.
  private let wayBack: [Int]

  init(about large: [PacketEvent], _ pair: PointPair, _ direction: Direction, _ file: CaseFile) {
    self.pair = pair
    self.direction = direction
    let towardsFar = large.first?.upstream?.position == pair.near
    wayBack =
      towardsFar ? Array((0...pair.near).reversed()) : Array(pair.far..<file.matched.points.count)
    for index in Set(large.map(\.group)).sorted() {
      let group = file.matched.groups[index]
      for position in group.presentPoints {
        let traffic = file.matched.points[position]
        for record in traffic.packets(of: Int(group.members[position])) {
          guard record.marks.contains(.icmpError), Self.isTooBig(record) else { continue }
          if first[position].map({ $0.frame > record.frame }) ?? true { first[position] = record }
        }
      }
    }
  }

  /// ICMP type 3 code 4 (RFC 1191), ICMPv6 type 2 (RFC 8201).
  static func isTooBig(_ record: PacketRecord) -> Bool {
    record.marks.contains(.ipv6) ? record.flags == 2 : record.flags == 3 && record.window == 4
  }

  /// Where the errors were born and where they died, in words.
  func words(_ file: CaseFile) -> String {
    let seen = wayBack.filter { first[$0] != nil }
    guard let born = seen.first, let reached = seen.last, let error = first[born] else {
      return "No point saw an ICMP \"fragmentation needed\" or \"packet too big\" about them: none is sent, or it is "
        + "lost before the first point, so the sender never learns of the smaller MTU."
    }
    let mtu = error.acknowledgement > 0 ? " for an MTU of \(error.acknowledgement)" : ""
    let start = "ICMP errors\(mtu) are first seen at \(file.name(born))"
    guard let place = wayBack.firstIndex(of: reached), place + 1 < wayBack.count else {
      return "\(start) and reach the last point before the sender, which goes on all the same: a host firewall or the "
        + "host itself ignores them."
    }
    return
      "\(start) and last at \(file.name(reached)): they die between there and \(file.name(wayBack[place + 1])), so "
      + "the sender never learns of the smaller MTU."
  }

  /// The errors' frames where they are first and last seen.
  func evidence(_ file: CaseFile) -> [Finding.Evidence] {
    let seen = wayBack.filter { first[$0] != nil }
    return Set([seen.first, seen.last].compactMap { $0 }).sorted().compactMap { position in
      first[position].map {
        Finding.Evidence(frame: file.frame(position, $0.frame), says: "ICMP error: too big, MTU \($0.acknowledgement)")
      }
    }
  }
}

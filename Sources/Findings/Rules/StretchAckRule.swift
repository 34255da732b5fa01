import Flows
import Matching
import Packets
import Verdicts

/// `stretch-acks`: a receiver that acknowledges more than two full segments at once (RFC 5681, 4.2; RFC 2525, 2.13).
enum StretchAckRule {
  /// Fewer stretched acknowledgements are no habit.
  private static let fewest = 20
  /// Only connections with so many segments for each packet of the receiver are read.
  private static let segmentsForEach: UInt64 = 3

  private struct Case {
    var group: Int
    var direction: Direction
    var full: UInt32
    /// Acknowledgements that move on, the stretched ones among them, and the bytes that those took.
    var acks = 0
    var stretched = 0
    var bytes: Int64 = 0
    var widest: Int64 = 0
    var frame: UInt32 = 0
  }

  static func find(_ file: CaseFile) -> [Finding] {
    var byPoint: [Int: [Case]] = [:]
    for (index, group) in file.matched.groups.enumerated() where file.isTCP(group) {
      for direction in Direction.allCases {
        guard let position = file.point(nearestToSenderOf: direction.opposite, group),
          let full = hint(group, position, direction, file)
        else { continue }
        var found = Case(group: index, direction: direction, full: full)
        count(&found, group, position, file)
        guard found.stretched >= fewest, found.stretched * 2 >= found.acks else { continue }
        byPoint[position, default: []].append(found)
      }
    }
    return byPoint.sorted { $0.key < $1.key }.map { position, cases in finding(position, cases, file) }
  }

  /// Payload bytes of a full segment, if the receiver answers so seldom that its acknowledgements must be stretched.
  private static func hint(
    _ group: ConnectionGroup, _ position: Int, _ direction: Direction, _ file: CaseFile
  ) -> UInt32? {
    guard let sender = file.side(of: group, at: position, direction),
      let receiver = file.side(of: group, at: position, direction.opposite)
    else { return nil }
    let allowed = receiver.synOptions.maximumSegmentSize.map(UInt32.init) ?? sender.largestPayload
    let full = min(allowed, sender.largestPayload)
    guard full > 0, sender.payloadBytes / UInt64(full) > segmentsForEach * UInt64(receiver.packets),
      receiver.packets >= UInt32(fewest)
    else { return nil }
    return full
  }

  private static func count(_ found: inout Case, _ group: ConnectionGroup, _ position: Int, _ file: CaseFile) {
    var acknowledged: UInt32?
    // An acknowledgement that ends a recovery jumps over what had arrived behind the hole.
    var isRecovering = false
    file.forEachSegment(of: group, at: position) { record, way in
      guard way != found.direction, record.hasACK, !record.isSYN, !record.isRST else { return true }
      defer { if record.sackBlocks > 0 { isRecovering = true } }
      guard let before = acknowledged else {
        acknowledged = record.acknowledgement
        return true
      }
      let step = CaseFile.distance(from: before, to: record.acknowledgement)
      guard step > 0 else { return true }
      acknowledged = record.acknowledgement
      if isRecovering {
        isRecovering = record.sackBlocks > 0
        return true
      }
      found.acks += 1
      guard step > 2 * Int64(found.full) else { return true }
      found.stretched += 1
      found.bytes += step
      if step > found.widest { (found.widest, found.frame) = (step, record.frame) }
      return true
    }
  }

  private static func finding(_ position: Int, _ cases: [Case], _ file: CaseFile) -> Finding {
    let worst = cases.sorted { ($1.widest, $0.group) < ($0.widest, $1.group) }
    let stretched = cases.reduce(0) { $0 + $1.stretched }
    let segments = cases.reduce(0.0) { $0 + Double($1.bytes) / Double($1.full) }
    return Finding(
      kind: "stretch-acks", severity: .note, point: position,
      direction: CaseFile.onlyDirection(cases.map(\.direction.opposite)),
      title:
        "The host at \(file.name(position)) acknowledges \(Tenths.text(segments / Double(max(1, stretched)))) full "
        + "segments at once, in \(CaseFile.count(cases.count, "connection"))",
      explanation:
        "\(stretched) of its \(cases.reduce(0) { $0 + $1.acks }) acknowledgements that move on cover more than "
        + "two full segments, where a receiver is to acknowledge every second one (RFC 5681, 4.2). Its sender opens its "
        + "window more slowly for it and sends in bursts. Receive offload (GRO, LRO) on the host does this, or a stack "
        + "that thins out its acknowledgements; also a box before this point that drops some of them.",
      confidence: 0.9, connections: Set(cases.map { file.connectionIDs[$0.group] }).sorted(), packets: stretched,
      evidence: worst.prefix(CaseFile.mostEvidence).map {
        Finding.Evidence(
          frame: file.frame(position, $0.frame),
          says: "acknowledges \($0.widest) bytes, \(Tenths.text(Double($0.widest) / Double($0.full))) full segments")
      },
      confirm: "Switch receive offload off on the host (ethtool -K gro off lro off) and look again. Wireshark: compare "
        + "tcp.ack of neighbouring tcp.len == 0 frames with the MSS.")
  }
}

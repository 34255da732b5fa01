import Flows
import Matching
import Packets
import Verdicts

/// `both-sides-captured`: a capture that holds both sides of a box that translates addresses, or of a router, and is taken
/// for one point.
enum BothSidesRule {
  private static let kind = "both-sides-captured"
  /// What is found beside such a point is no surer than this.
  private static let mostBeside = 0.5

  /// Takes the confidence from what was found on segments that such a point bounds, or lies within.
  static func weaken(_ findings: inout [Finding]) {
    let points = findings.filter { $0.kind == kind }.compactMap(\.point)
    if points.isEmpty { return }
    for index in findings.indices {
      guard let pair = findings[index].between, points.contains(where: { pair.near <= $0 && $0 <= pair.far })
      else { continue }
      findings[index].confidence = min(findings[index].confidence, mostBeside)
    }
  }

  static func find(_ file: CaseFile) -> [Finding] {
    file.matched.points.indices.compactMap { translated($0, file) ?? routed($0, file) }
  }

  private static func routed(_ position: Int, _ file: CaseFile) -> Finding? {
    let twins = RoutedTwins(file.matched.points[position])
    guard twins.isHabit, let (before, after) = twins.first else { return nil }
    let name = file.name(position)
    return Finding(
      kind: kind, severity: .warning, point: position,
      title: "The capture at \(name) holds both sides of a router",
      explanation:
        "It has packets twice, the second time with another TTL, so a router stands between the two. They are "
        + "counted once; what the router lost is counted as lost beside \(name), and what is said of \(name) and of the "
        + "segments beside it may be wrong.",
      confidence: 0.95,
      evidence: [(before, "before"), (after, "after")].map { record, place in
        Finding.Evidence(
          frame: file.frame(position, record.frame), says: "\(place) the router, TTL \(record.ttl)")
      },
      confirm: "Capture each side by itself, or so that each packet tells its interface (pcapng, or tcpdump -i any "
        + "-y LINUX_SLL2). Of a merged file, give what it was merged from.")
  }

  private static func translated(_ position: Int, _ file: CaseFile) -> Finding? {
    let traffic = file.matched.points[position]
    let twins = TranslatedTwins(traffic.connections)
    guard let (one, other) = twins.first else { return nil }
    let (before, after) = (traffic.connections[one], traffic.connections[other])
    let name = file.name(position)
    return Finding(
      kind: kind, severity: .warning, point: position,
      title: "The capture at \(name) holds both sides of a box that translates addresses",
      explanation: "It has \(CaseFile.count(twins.count, "connection")) twice, "
        + "opened with the same two initial sequence numbers under other addresses: \(before.client) → "
        + "\(before.server) is also \(after.client) → \(after.server). Each is compared as if it were two, so what is "
        + "said of \(name) and of the segments beside it, losses within the box above all, may be wrong.",
      confidence: 0.99,
      evidence: [opening(one, before, position, file), opening(other, after, position, file)].compactMap { $0 },
      confirm: "Capture each side by itself, or so that each packet tells its interface (pcapng, or tcpdump -i any "
        + "-y LINUX_SLL2); or split the file by the addresses of one side: tcpdump -r FILE -w SIDE net ADDRESSES. Of a "
        + "merged file, give what it was merged from.")
  }

  private static func opening(
    _ index: Int, _ connection: PointConnection, _ position: Int, _ file: CaseFile
  ) -> Finding.Evidence? {
    file.matched.points[position].firstPacket(of: index).map {
      Finding.Evidence(
        frame: file.frame(position, $0.frame),
        says: "\(connection.client) → \(connection.server), initial sequence number "
          + "\(connection.clientSide.initialSequence)")
    }
  }
}

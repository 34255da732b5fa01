import Correlation
import Flows
import Matching
import Verdicts

/// `resegmented` and `offload`: the same bytes in other packets.
enum SegmentationRule {
  /// Payload of a full Ethernet frame without options; more in one frame is the network card's doing.
  private static let largestOnWire: Int64 = 1460

  static func find(_ file: CaseFile) -> [Finding] {
    let cut = file.rewritesBySegment {
      $0.field == .segmentation && ($0.before ?? 0) <= largestOnWire && ($0.after ?? 0) <= largestOnWire
    }.map { pair, rewrites in
      let first = rewrites.min { $0.upstream.timeNS < $1.upstream.timeNS }
      return Finding(
        kind: "resegmented", severity: .note, between: pair,
        direction: CaseFile.onlyDirection(rewrites.map(\.direction)),
        title: "Segments are cut or merged between \(file.names(pair))",
        explanation: "The same bytes arrive in other packets, as behind a proxying firewall. Loss was judged by byte "
          + "range.", confidence: 0.95, connections: Set(rewrites.map { file.connectionIDs[$0.group] }).sorted(),
        packets: rewrites.reduce(0) { $0 + $1.packets },
        evidence: first.map {
          file.pairEvidence(
            $0.upstream, $0.downstream, before: "\($0.before ?? 0) bytes of payload",
            after: "\($0.after ?? 0) bytes that begin or end elsewhere")
        } ?? [],
        confirm: "Compare the sequence numbers and lengths of the two frames.")
    }
    return cut + offload(file)
  }

  private static func offload(_ file: CaseFile) -> [Finding] {
    file.matched.points.indices.compactMap { position in
      let counts = file.matched.points[position].counts
      guard counts.largeSegments > 0 || counts.fillsChecksums else { return nil }
      let large = counts.largeSegments > 0 ? "\(counts.largeSegments) segments larger than a frame" : nil
      let sums = counts.fillsChecksums ? "\(counts.badChecksums) checksums not filled in yet" : nil
      return Finding(
        kind: "offload", severity: .note, point: position,
        title: "The capture at \(file.name(position)) was taken above the network card's offload",
        explanation: [large, sums].compactMap { $0 }.joined(separator: ", ")
          + ": on the wire these packets looked different. Loss was judged by byte range, and checksums there say "
          + "nothing.", confidence: 0.95, packets: max(counts.largeSegments, counts.badChecksums),
        confirm: "ethtool -k on the capturing host.")
    }
  }
}

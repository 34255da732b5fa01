import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// How many packets a segment was offered with each combination of features.
struct OfferedFeatures {
  private var counts = [Int](repeating: 0, count: LossFeatures.combinations)
  /// Number of packets.
  var packets: Int { counts.reduce(0, +) }

  /// Those of a sample, all packets of which are read.
  init(_ sample: LossSample, _ file: CaseFile) {
    guard let position = sample.lost.first?.upstream?.position else { return }
    for index in sample.groups {
      let group = file.matched.groups[index]
      let fromClient = (sample.direction == .clientToServer) != group.flipped[position]
      for record in file.matched.points[position].packets(of: Int(group.members[position]))
      where record.marks.contains(.fromClient) == fromClient {
        guard record.marks.isDisjoint(with: [.captureCopy, .icmpError]) else { continue }
        counts[LossFeatures(record).rawValue] += 1
      }
    }
  }

  /// Number of packets with a feature.
  func count(with feature: LossFeatures) -> Int {
    counts.indices.reduce(0) { $0 + (LossFeatures(rawValue: $1).contains(feature) ? counts[$1] : 0) }
  }
}

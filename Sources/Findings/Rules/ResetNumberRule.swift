import Flows
import Matching
import Packets
import Verdicts

/// `rst-not-translated`: a box that shifts all sequence numbers of a connection, but not those of its RSTs.
enum ResetNumberRule {
  /// As many RSTs of a direction are compared at each point: each one with all of the other point.
  private static let mostResets = 64

  private struct Case {
    var group: Int
    var upstream: PacketRecord
    var downstream: PacketRecord
    var offset: UInt32
  }

  private struct Way: Hashable {
    var pair: PointPair
    var direction: Direction
  }

  static func find(_ file: CaseFile) -> [Finding] {
    var byWay: [Way: [Case]] = [:]
    for (index, group) in file.matched.groups.enumerated() where file.isTCP(group) {
      let present = group.presentPoints
      for (near, far) in zip(present, present.dropFirst()) {
        for direction in Direction.allCases {
          guard let one = file.side(of: group, at: near, direction), one.sawReset, one.sawSYN,
            let other = file.side(of: group, at: far, direction), other.sawReset, other.sawSYN,
            one.initialSequence != other.initialSequence
          else { continue }
          let towardsFar = (direction == .clientToServer) != group.reversed
          let (up, down) = towardsFar ? (near, far) : (far, near)
          let offset =
            towardsFar
            ? other.initialSequence &- one.initialSequence : one.initialSequence &- other.initialSequence
          byWay[Way(pair: PointPair(near, far), direction: direction), default: []] += cases(
            index, from: up, to: down, direction, offset: offset, file)
        }
      }
    }
    return byWay.sorted { ($0.key.pair, $0.key.direction.rawValue) < ($1.key.pair, $1.key.direction.rawValue) }
      .compactMap {
        $1.isEmpty ? nil : finding($0, $1, file)
      }
  }

  /// The RSTs that carry the same number at both points.
  private static func cases(
    _ index: Int, from up: Int, to down: Int, _ direction: Direction, offset: UInt32, _ file: CaseFile
  ) -> [Case] {
    let group = file.matched.groups[index]
    var sent: [PacketRecord] = []
    file.forEachSegment(of: group, at: up) { record, way in
      if way == direction, record.isRST { sent.append(record) }
      return sent.count < mostResets
    }
    var found: [Case] = []
    var seen = 0
    file.forEachSegment(of: group, at: down) { record, way in
      guard way == direction, record.isRST else { return true }
      seen += 1
      // Without an IP ID of its own nothing says that it is the same packet.
      guard record.ipID != 0,
        !sent.contains(where: { $0.sequence &+ offset == record.sequence }),
        let place = sent.firstIndex(where: { $0.sequence == record.sequence && $0.ipID == record.ipID })
      else { return seen < mostResets }
      found.append(Case(group: index, upstream: sent.remove(at: place), downstream: record, offset: offset))
      return seen < mostResets
    }
    return found
  }

  private static func finding(_ way: Way, _ cases: [Case], _ file: CaseFile) -> Finding {
    let first = cases.min { $0.upstream.timeNS < $1.upstream.timeNS }
    let towardsFar = first.map { (way.direction == .clientToServer) != file.matched.groups[$0.group].reversed } ?? true
    let (up, down) = towardsFar ? (way.pair.near, way.pair.far) : (way.pair.far, way.pair.near)
    return Finding(
      kind: "rst-not-translated", severity: .warning, between: way.pair, direction: way.direction,
      title:
        "\(CaseFile.count(cases.count, "RST")) pass \(file.names(way.pair)) with their sequence number untranslated",
      explanation:
        "All other sequence numbers of the connection are shifted by \(first?.offset ?? 0) (modulo 2^32) here, "
        + "that of the RST is not. At the other end it lies outside the window and is ignored (RFC 9293, 3.10.7.4), so the "
        + "connection stays open there until it times out.",
      confidence: 0.9, connections: Set(cases.map { file.connectionIDs[$0.group] }).sorted(), packets: cases.count,
      evidence: first.map {
        [
          Finding.Evidence(frame: file.frame(up, $0.upstream.frame), says: "RST, seq \($0.upstream.sequence)"),
          Finding.Evidence(frame: file.frame(down, $0.downstream.frame), says: "the same number behind the box"),
        ]
      } ?? [],
      confirm:
        "Open both frames with relative sequence numbers off; switch off sequence number randomisation on the box "
        + "for one connection. Wireshark: tcp.flags.reset == 1.")
  }
}

import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// Single packets of the connections that somebody will want to look at.
enum LaddersSection {
  static func make(
    _ file: CaseFile, _ report: AnalysisReport, _ correlator: Correlator, budget: DetailBudget
  ) -> [Ladder] {
    var groups: [Int: [Int]] = [:]
    for group in file.matched.groups.indices { groups[file.connectionIDs[group], default: []].append(group) }
    var left = budget.recordsRead
    var ladders: [Ladder] = []
    let wanted = chosen(report, budget)
    var events: [Int: [Int]] = [:]
    for (index, event) in report.events.enumerated() where wanted.contains(event.connection) {
      events[event.connection, default: []].append(index)
    }
    for id in wanted {
      let members = groups[id] ?? []
      let records = members.reduce(0) { $0 + file.records(of: $1) }
      guard records <= left else { continue }
      left -= records
      let maker = LadderMaker(
        file: file, report: report, events: events[id] ?? [],
        handshakeProxiedAt: file.tally.proxiedHandshakes.first { members.contains($0.group) }?.between)
      let packets = members.flatMap { group in correlator.ways(of: group).map(maker.packet) }
      guard !packets.isEmpty else { continue }
      let sorted = packets.enumerated().sorted {
        ($0.element.startNS, $0.offset) < ($1.element.startNS, $1.offset)
      }.map(\.element)
      ladders.append(
        Ladder(
          connection: id, packetsInAll: sorted.count,
          packets: TroubleWindow.around(sorted, most: budget.packetsPerConnection)))
    }
    return ladders.sorted { $0.connection < $1.connection }
  }

  /// Ids of the connections: two of each finding, then those with most trouble, which have the lowest ids.
  private static func chosen(_ report: AnalysisReport, _ budget: DetailBudget) -> Set<Int> {
    var ids: Set<Int> = []
    let named = report.findings.filter { $0.severity != .note }.flatMap { $0.connections.prefix(2) }
    for id in named + report.connections.map(\.id) where ids.count < budget.connections { ids.insert(id) }
    return ids
  }
}

extension CaseFile {
  /// Packets of a connection at all points together.
  fileprivate func records(of group: Int) -> Int {
    let group = matched.groups[group]
    return group.presentPoints.reduce(0) { $0 + matched.points[$1].ordinals(of: Int(group.members[$1])).count }
  }
}

extension Ladder.Packet {
  /// When it was seen first.
  fileprivate var startNS: Int64 { sightings.first?.timeNS ?? 0 }

  /// Whether something happened to it, or is not known of it.
  fileprivate var isTroubled: Bool { !events.isEmpty || fate == .lost || fate == .notCaptured }
}

/// Puts the way of a packet together with the events that name its frames.
private struct LadderMaker {
  let file: CaseFile
  let report: AnalysisReport
  /// The segment with a box that answers the handshake itself, if there is one.
  private let handshakeProxiedAt: PointPair?
  private let eventsOfFrame: [FrameReference: [Int]]

  init(file: CaseFile, report: AnalysisReport, events: [Int], handshakeProxiedAt: PointPair?) {
    self.file = file
    self.report = report
    self.handshakeProxiedAt = handshakeProxiedAt
    var ofFrame: [FrameReference: [Int]] = [:]
    for index in events {
      if let frame = Self.frame(of: report.events[index]) { ofFrame[frame, default: []].append(index) }
    }
    eventsOfFrame = ofFrame
  }

  /// The frame that an event is about: of a further copy the copy, else where it was seen first.
  private static func frame(of event: Event) -> FrameReference? {
    event.kind == .duplicate ? event.downstream : event.upstream ?? event.downstream
  }

  func packet(_ way: PacketWay) -> Ladder.Packet {
    let sightings = way.sightings.map {
      Ladder.Sighting(frame: file.frame($0), timeNS: file.clocks.reference($0.timeNS, at: $0.position))
    }
    let frames = Set(sightings.map(\.frame))
    let events = sightings.flatMap { eventsOfFrame[$0.frame] ?? [] }.filter { index in
      let event = report.events[index]
      return event.kind == .duplicate || event.downstream.map(frames.contains) ?? true
    }.sorted()
    return Ladder.Packet(
      direction: way.direction, flags: way.isTCP ? way.record.flags : nil,
      sequence: way.isTCP ? way.record.sequence : nil, offset: way.isTCP ? way.offset : nil,
      ackOffset: way.isTCP && way.record.hasACK ? way.ackOffset : nil, length: Int(way.record.payloadLength),
      sightings: sightings, fate: fate(way, last: sightings.last?.frame, events), events: events)
  }

  private func fate(_ way: PacketWay, last: FrameReference?, _ events: [Int]) -> Ladder.Fate {
    if way.isMerged { return .merged }
    if way.isComplete { return .arrived }
    let ends = events.map { report.events[$0] }.filter { $0.upstream == last && $0.downstream == nil }
    if ends.contains(where: { $0.kind == .drop }) { return .lost }
    if ends.contains(where: { $0.kind == .notCaptured }) { return .notCaptured }
    let isAtProxy = handshakeProxiedAt.map { last?.point == $0.near || last?.point == $0.far } ?? false
    return isAtProxy ? .answered : .open
  }
}

/// Chooses which packets of a long connection to show.
enum TroubleWindow {
  /// The handshake, and as many packets on both sides of each troubled one as there is room for.
  static func around(_ packets: [Ladder.Packet], most: Int) -> [Ladder.Packet] {
    guard packets.count > most else { return packets }
    let troubled = packets.indices.filter { packets[$0].isTroubled }
    let opening = min(6, most)
    guard !troubled.isEmpty else { return shown(Array(0..<most), of: packets) }
    var width = 0
    var kept = indices(opening, troubled, width: 0, count: packets.count, most: most)
    // Each doubling shows more, until the room is used up.
    var step = most
    while step > 0 {
      let wider = indices(opening, troubled, width: width + step, count: packets.count, most: .max)
      if wider.count <= most { (width, kept) = (width + step, wider) } else { step /= 2 }
    }
    return shown(kept, of: packets)
  }

  private static func indices(_ opening: Int, _ troubled: [Int], width: Int, count: Int, most: Int) -> [Int] {
    var kept = Array(0..<opening)
    for index in troubled {
      let start = max((kept.last ?? -1) + 1, index - width)
      let end = min(count - 1, index + width)
      if start <= end { kept.append(contentsOf: start...end) }
    }
    return Array(kept.prefix(most))
  }

  private static func shown(_ indices: [Int], of packets: [Ladder.Packet]) -> [Ladder.Packet] {
    var before = -1
    return indices.map { index in
      var packet = packets[index]
      packet.skipped = index - before - 1
      before = index
      return packet
    }
  }
}

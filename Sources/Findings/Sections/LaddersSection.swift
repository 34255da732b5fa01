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
    var (records, packets) = (0, 0)
    var ladders: [Ladder] = []
    let wanted = chosen(report, budget)
    let events = eventsByConnection(report, of: Set(wanted))
    let marked = MarkedFrames(events.values.joined().map { report.events[$0] }, file)
    for id in wanted where records < budget.records && packets < budget.packets {
      let members = groups[id] ?? []
      let own = members.reduce(0) { $0 + file.records(of: $1) }
      guard own <= budget.recordsPerConnection else { continue }
      records += own
      let maker = LadderMaker(
        file: file, report: report, events: events[id] ?? [], marked: marked,
        handshakeProxiedAt: file.tally.proxiedHandshakes.first { members.contains($0.group) }?.between)
      let ladder = maker.ladder(of: id, members.flatMap(correlator.ways), most: budget.packetsPerConnection)
      guard !ladder.packets.isEmpty else { continue }
      packets += ladder.packets.count
      ladders.append(ladder)
    }
    return ladders.sorted { $0.connection < $1.connection }
  }

  private static func eventsByConnection(_ report: AnalysisReport, of wanted: Set<Int>) -> [Int: [Int]] {
    var events: [Int: [Int]] = [:]
    for (index, event) in report.events.enumerated() where wanted.contains(event.connection) {
      events[event.connection, default: []].append(index)
    }
    return events
  }

  /// Ids of the connections: two of each finding, then those with most trouble, which have the lowest ids.
  private static func chosen(_ report: AnalysisReport, _ budget: DetailBudget) -> [Int] {
    var ids: Set<Int> = []
    let named = report.findings.filter { $0.severity != .note }.flatMap { $0.connections.prefix(2) }
    return Array(
      (named + report.connections.prefix(budget.connections).map(\.id)).filter { ids.insert($0).inserted }
        .prefix(budget.connections))
  }
}

extension CaseFile {
  /// Packets of a connection at all points together.
  fileprivate func records(of group: Int) -> Int {
    let group = matched.groups[group]
    return group.presentPoints.reduce(0) { $0 + matched.points[$1].connections[Int(group.members[$1])].packets }
  }
}

/// The frames of each point that events are about: a bit for each frame, of whose record it is one in 512.
private struct MarkedFrames {
  private var frames: [FrameSet]

  init(_ events: [Event], _ file: CaseFile) {
    frames = Array(repeating: FrameSet(), count: file.matched.points.count)
    for event in events { if let frame = event.markedFrame { frames[frame.point].insert(file.frames[frame]) } }
  }

  func contains(_ sighting: PacketEvent.Sighting) -> Bool { frames[sighting.position].contains(sighting.frame) }
}

extension Event {
  /// The frame that it is about: of a further copy the copy, else where it was seen first.
  fileprivate var markedFrame: FrameReference? { kind == .duplicate ? downstream : upstream ?? downstream }
}

/// Puts the way of a packet together with the events that name its frames.
private struct LadderMaker {
  let file: CaseFile
  let report: AnalysisReport
  /// The segment with a box that answers the handshake itself, if there is one.
  private let handshakeProxiedAt: PointPair?
  private let marked: MarkedFrames
  private let eventsOfFrame: [FrameReference: [Int]]

  init(
    file: CaseFile, report: AnalysisReport, events: [Int], marked: MarkedFrames, handshakeProxiedAt: PointPair?
  ) {
    self.file = file
    self.report = report
    self.marked = marked
    self.handshakeProxiedAt = handshakeProxiedAt
    var ofFrame: [FrameReference: [Int]] = [:]
    for index in events {
      if let frame = report.events[index].markedFrame { ofFrame[frame, default: []].append(index) }
    }
    eventsOfFrame = ofFrame
  }

  /// The ladder of a connection whose packets went these ways; only of those that it shows more is made.
  func ladder(of connection: Int, _ ways: [PacketWay], most: Int) -> Ladder {
    let starts = ways.map { $0.sightings.first.map { file.clocks.reference($0.timeNS, at: $0.position) } ?? 0 }
    let order = ways.indices.sorted { (starts[$0], $0) < (starts[$1], $1) }
    let troubled = order.indices.filter { isTroubled(ways[order[$0]]) }
    let shown = TroubleWindow.indices(of: order.count, troubled: troubled, most: most)
    var ladder = Ladder(connection: connection, packetsInAll: order.count, packets: [])
    ladder.packets.reserveCapacity(shown.count)
    var next = 0
    for place in shown {
      var packet = packet(ways[order[place]])
      packet.skipped = place - next
      next = place + 1
      ladder.packets.append(packet)
    }
    return ladder
  }

  /// Whether something happened to one of its frames; most packets have none.
  private func isTroubled(_ way: PacketWay) -> Bool {
    way.sightings.contains(where: marked.contains) && packet(way).isTroubled
  }

  private func packet(_ way: PacketWay) -> Ladder.Packet {
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

import Files
public import Verdicts

/// Writes frames of an analysis to one pcapng file.
public struct CaptureExport {
  /// Which frames.
  public enum Selection: Sendable, Hashable {
    /// All of them.
    case everything
    /// Those of the connection of this id, at every point.
    case connection(Int)
    /// Those that show the finding of this number, from 1: its evidence, and the events that it is made of; where there
    /// is no evidence, the first packets of each rule by which its connections are rewritten there.
    case finding(Int)
  }

  /// What was written.
  public struct Summary: Sendable, Equatable {
    /// Frames, by the position of their point.
    public var framesByPoint: [Int]
    /// The number in the new file, from 1, of each frame with a comment.
    public var numbers: [FrameReference: Int]

    /// All frames.
    public var frames: Int { framesByPoint.reduce(0, +) }
  }

  private let report: AnalysisReport
  private let files: [[String?]]
  /// A packet passes a point so much before or after the rest of its connection, in nanoseconds, at most.
  private static let slackNS: Int64 = 100_000_000

  /// An export of this report; `files` says where each capture is now, by point and file, `nil` for one that is not
  /// there.
  public init(_ report: AnalysisReport, files: [[String?]]) {
    self.report = report
    self.files = files
  }

  /// The events that a finding is made of, as indices: of its connections, within its stretch, in its direction.
  public static func events(of finding: Finding, in report: AnalysisReport) -> [Int] {
    let connections = Set(finding.connections)
    let kinds = Self.kinds(of: finding.kind)
    return report.events.indices.filter { index in
      let event = report.events[index]
      guard connections.contains(event.connection), kinds.contains(event.kind) else { return false }
      if let direction = finding.direction, event.direction != direction { return false }
      if let point = finding.point {
        return event.point == point || event.between.near == point || event.between.far == point
      }
      guard let between = finding.between else { return true }
      return between.near <= event.between.near && event.between.far <= between.far
    }
  }

  /// What kinds of event a kind of finding is made of; none where its evidence alone shows it.
  private static func kinds(of finding: String) -> Set<Event.Kind> {
    switch finding {
    case "loss", "syn-unanswered", "pmtu-blackhole", "idle-timeout": [.drop]
    case "reorder": [.reorder]
    case "duplicate", "capture-duplicates": [.duplicate]
    case "corrupted": [.corrupt]
    case "rst-injected": [.inject]
    case "not-captured": [.notCaptured]
    case "ack-mangled", "seq-mangled", "sack-not-translated", "payload-rewritten", "window-scale-broken": [.rewrite]
    default: []
    }
  }

  /// Writes the frames to `path`, merged by the reference clock, in place of what is there.
  ///
  /// A point's frames stay in the order of its capture. A connection or finding that the report does not have gives a
  /// file without frames.
  public func write(_ selection: Selection, to path: String) throws(ExportError) -> Summary {
    guard files.joined().contains(where: { $0 != nil }) else { throw .nothingLeft }
    let file: PartialFile
    do throws(FileError) {
      file = try PartialFile(replacing: path)
    } catch {
      throw .file(error)
    }
    do throws(ExportError) {
      let summary = try write(selection, into: file.path)
      try Self.commit(file)
      return summary
    } catch {
      file.discard()
      throw error
    }
  }

  private func write(_ selection: Selection, into path: String) throws(ExportError) -> Summary {
    let comments = comments(for: selection)
    let points = report.points.indices.filter { files.indices.contains($0) && files[$0].contains { $0 != nil } }
    let sources = points.map { point in
      PointFrames(
        point: point, report: report, files: files[point],
        filter: filter(selection, at: point, named: Set(comments.keys)))
    }
    var summary = Summary(framesByPoint: report.points.map { _ in 0 }, numbers: [:])
    var interfaces: [Interface: Int] = [:]
    let clock = report.order.referenceClock
    let name = report.points.indices.contains(clock) ? report.points[clock].name : "each point"
    var output = try PcapngFile(path: path, comment: "times by the clock of \(name)")
    while let frame = try Self.earliest(sources) {
      let interface = Interface(point: frame.reference.point, linkType: frame.linkType)
      let number = interfaces[interface] ?? interfaces.count
      if interfaces[interface] == nil {
        interfaces[interface] = number
        let point = report.points[interface.point]
        output.addInterface(
          linkType: fileLinkType(interface.linkType), name: point.name, description: Self.words(point.clock))
      }
      let said = comments[frame.reference] ?? []
      try output.addFrame(
        interface: number, timeNS: frame.timeNS, wireLength: frame.wireLength, bytes: frame.bytes, comments: said)
      summary.framesByPoint[interface.point] += 1
      if !said.isEmpty { summary.numbers[frame.reference] = summary.frames }
    }
    try output.flush()
    return summary
  }

  private struct Interface: Hashable {
    var point: Int
    var linkType: Int32
  }

  /// What the times of a point rest on.
  private static func words(_ clock: ClockReport) -> String {
    guard let offset = clock.offsetNS else { return "clock not known: times as captured" }
    let error = clock.errorNS.map { ", within \($0) ns" } ?? ""
    return "clock was \(offset) ns ahead at its first packet\(error)"
  }

  /// Takes the earliest of the next frames; the nearer point's where times are equal.
  private static func earliest(_ sources: [PointFrames]) throws(ExportError) -> PointFrames.Frame? {
    var first: (PointFrames, PointFrames.Frame)?
    for source in sources {
      guard let frame = try source.peek() else { continue }
      if let found = first, found.1.timeNS <= frame.timeNS { continue }
      first = (source, frame)
    }
    first?.0.advance()
    return first?.1
  }

  private func filter(_ selection: Selection, at point: Int, named: Set<FrameReference>) -> FrameFilter {
    switch selection {
    case .everything: return .everything
    case .finding: return FrameFilter(named: named)
    case .connection(let id):
      guard let connection = report.connections.first(where: { $0.id == id }) else { return FrameFilter(named: named) }
      let error = report.points[point].clock.errorNS ?? 0
      return FrameFilter(connection, at: point, slackNS: Self.slackNS + min(error, Self.slackNS), named: named)
    }
  }

  private func comments(for selection: Selection) -> [FrameReference: [String]] {
    var comments = FrameComments(report)
    switch selection {
    case .everything:
      for (index, event) in report.events.enumerated() { comments.add(event, number: index + 1) }
      for (index, finding) in report.findings.enumerated() { comments.add(finding, number: index + 1) }
    case .connection(let id):
      for (index, event) in report.events.enumerated() where event.connection == id {
        comments.add(event, number: index + 1)
      }
      for rule in report.rewrites where rule.connection == id { comments.add(rule) }
    case .finding(let number):
      guard report.findings.indices.contains(number - 1) else { break }
      let finding = report.findings[number - 1]
      if finding.evidence.isEmpty { for rule in rewrites(of: finding) { comments.add(rule) } }
      for index in Self.events(of: finding, in: report) { comments.add(report.events[index], number: index + 1) }
      comments.add(finding, number: number)
    }
    return comments.byFrame
  }

  /// The rules that a finding about translated fields rests on.
  private func rewrites(of finding: Finding) -> [RewriteRule] {
    guard let between = finding.between else { return [] }
    let connections = Set(finding.connections)
    return report.rewrites.filter { rule in
      rule.between == between && connections.contains(rule.connection)
        && (finding.direction ?? rule.direction) == rule.direction
    }
  }

  private static func commit(_ file: PartialFile) throws(ExportError) {
    do throws(FileError) {
      try file.commit()
    } catch {
      throw .file(error)
    }
  }
}

import Flows
import Matching
import Packets
import Verdicts

/// When the packets passed and when something happened to them.
enum TimelineSection {
  static func make(_ file: CaseFile, _ report: AnalysisReport, slices: Int) -> Timeline? {
    guard slices > 0, let first = report.points.compactMap(\.firstNS).min(),
      let last = report.points.compactMap(\.lastNS).max()
    else { return nil }
    let (span, overflow) = last.subtractingReportingOverflow(first)
    guard !overflow else { return nil }
    var timeline = Timeline(startNS: first, sliceNS: span / Int64(slices) + 1, slices: slices, tracks: [])
    let passing = file.matched.points.indices.map { count(at: $0, file, timeline) }
    for segment in report.segments {
      for direction in Direction.allCases where segment[direction].offered > 0 {
        var track = Timeline.Track(between: segment.between, direction: direction, slices: slices)
        for slice in 0..<slices {
          track.packets[slice] =
            passing[segment.between.near][direction, towardsFar: true][slice]
            + passing[segment.between.far][direction, towardsFar: false][slice]
        }
        timeline.tracks.append(track)
      }
    }
    addEvents(report.events, to: &timeline)
    return timeline
  }

  private static func addEvents(_ events: ReportList<Event>, to timeline: inout Timeline) {
    struct Place: Hashable {
      var between: PointPair
      var direction: Direction
    }
    let tracks = Dictionary(
      timeline.tracks.enumerated().map { (Place(between: $1.between, direction: $1.direction), $0) },
      uniquingKeysWith: { first, _ in first })
    for event in events {
      guard let track = tracks[Place(between: event.between, direction: event.direction)] else { continue }
      timeline.tracks[track].events[Int(event.kind.rawValue)][timeline.slice(of: event.timeNS)] += 1
    }
  }

  /// Packets at one point by slice, for each direction and the way along the path that it runs.
  private struct Passing {
    private var counts: [[Int]]

    init(slices: Int) { counts = Array(repeating: Array(repeating: 0, count: slices), count: 4) }

    private static func place(_ direction: Direction, _ towardsFar: Bool) -> Int {
      Int(direction.rawValue) * 2 + (towardsFar ? 1 : 0)
    }

    subscript(direction: Direction, towardsFar towardsFar: Bool) -> [Int] {
      counts[Self.place(direction, towardsFar)]
    }

    mutating func add(_ direction: Direction, towardsFar: Bool, slice: Int) {
      counts[Self.place(direction, towardsFar)][slice] += 1
    }
  }

  /// How the packets of one local connection run.
  private struct Run {
    var isFollowed = false
    var flipped = false
    var reversed = false
  }

  private static func count(at position: Int, _ file: CaseFile, _ timeline: Timeline) -> Passing {
    let traffic = file.matched.points[position]
    var runs = [Run](repeating: Run(), count: traffic.connections.count)
    for group in file.matched.groups where group.members[position] >= 0 {
      runs[Int(group.members[position])] = Run(
        isFollowed: true, flipped: group.flipped[position], reversed: group.reversed)
    }
    var passing = Passing(slices: timeline.slices)
    for (connection, run) in runs.enumerated() where run.isFollowed {
      for record in traffic.packets(of: connection) {
        if record.marks.contains(.captureCopy) { continue }
        let fromClient = record.marks.contains(.fromClient) != run.flipped
        passing.add(
          fromClient ? .clientToServer : .serverToClient, towardsFar: fromClient != run.reversed,
          slice: timeline.slice(of: file.clocks.reference(record.timeNS, at: position)))
      }
    }
    return passing
  }
}

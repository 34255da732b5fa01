import Verdicts

/// Pictures that belong to ``ExampleReports/firewallLoss``.
enum ExampleDetail {
  /// Two ladders, a timeline with the two losses of the report, and one histogram.
  static let firewallLoss: AnalysisDetail = {
    let report = ExampleReports.firewallLoss
    var timeline = Timeline(startNS: ExampleReports.start, sliceNS: 1_000_000_000, slices: 31, tracks: [])
    for segment in report.segments {
      for direction in Direction.allCases {
        var track = Timeline.Track(between: segment.between, direction: direction, slices: 31)
        track.packets = (0..<31).map { $0 == 7 ? 0 : 40 + $0 }
        for event in report.events where event.between == segment.between && event.direction == direction {
          track.events[Int(event.kind.rawValue)][timeline.slice(of: event.timeNS)] += 1
        }
        timeline.tracks.append(track)
      }
    }
    let delays = DelayHistogram(
      between: PointPair(1, 2), direction: .clientToServer,
      sortedNS: (0..<500).map { 20_000 + Int64($0 * $0) }, classes: 48)
    return AnalysisDetail(
      timeline: timeline, delays: delays.map { [$0] } ?? [], ladders: [ladder(1, loss: 0), ladder(2, loss: nil)])
  }()

  /// A handshake and some data, of which the first SYN is the lost packet of the report's first event.
  private static func ladder(_ connection: Int, loss: Int?) -> Ladder {
    let packets = (0..<60).map { number -> Ladder.Packet in
      let direction: Direction = number % 3 == 1 ? .serverToClient : .clientToServer
      let isLost = number == 0 && loss != nil
      let start = ExampleReports.start + 1_204_332 + Int64(number) * 3_000_000
      let places = direction == .clientToServer ? Array(0..<6) : Array((0..<6).reversed())
      return Ladder.Packet(
        direction: direction, flags: number < 2 ? 0x02 : 0x18, sequence: 3_735_928_559 &+ UInt32(number * 100),
        offset: Int64(number * 100), ackOffset: number == 0 ? nil : Int64(number), length: number < 2 ? 0 : 100,
        sightings: places.prefix(isLost ? 2 : 6).enumerated().map { hop, point in
          Ladder.Sighting(
            frame: FrameReference(point: point, file: 0, frame: point == 1 && isLost ? 113 : 1_000 + number),
            timeNS: start + Int64(hop) * 400_000)
        },
        fate: isLost ? .lost : .arrived, events: isLost ? loss.map { [$0] } ?? [] : [],
        skipped: number == 30 ? 7 : 0)
    }
    return Ladder(connection: connection, packetsInAll: 67, packets: packets)
  }
}

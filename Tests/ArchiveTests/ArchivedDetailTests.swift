import Testing
import Verdicts

@testable import Archive

/// What the archive keeps beside the report: ladders and delays.
@Suite struct ArchivedDetailTests {
  let folder: TemporaryFolder
  var path: String { folder.file("detail.db") }

  init() throws { folder = try TemporaryFolder() }

  private static let start = RichReport.second

  /// Packets in which every optional is once there and once absent.
  private static let ladder = Ladder(
    connection: 2, packetsInAll: 9,
    packets: [
      Ladder.Packet(
        direction: .clientToServer, flags: 0x18, sequence: .max, offset: -1, ackOffset: 77, length: 1_448,
        sightings: [
          Ladder.Sighting(frame: FrameReference(point: 0, file: 0, frame: 3), timeNS: start),
          Ladder.Sighting(frame: FrameReference(point: 1, file: 1, frame: 4), timeNS: start + 5_000_000_000),
        ], fate: .lost, events: [0, 2]),
      Ladder.Packet(
        direction: .serverToClient, flags: nil, sequence: nil, offset: nil, ackOffset: nil, length: 0,
        sightings: [Ladder.Sighting(frame: FrameReference(point: 2, file: 0, frame: 1), timeNS: start - 7)],
        fate: .answered, events: [], skipped: 7),
      Ladder.Packet(
        direction: .serverToClient, flags: 0, sequence: 0, offset: 0, ackOffset: nil, length: 1, sightings: [],
        fate: .open, events: []),
    ])

  private static let delays = [
    DelayHistogram(
      between: PointPair(0, 1), direction: .serverToClient, lowNS: -5, widthNS: 3, counts: [1, 0, 2], longer: 4,
      sampled: 7, percentilesNS: (0...100).map { $0 / 9 - 5 }),
    DelayHistogram(
      between: PointPair(1, 2), direction: .clientToServer, lowNS: .min / 4, widthNS: 1, counts: [], longer: 0,
      sampled: 0, percentilesNS: []),
  ]

  private func write() throws {
    let detail = AnalysisDetail(timeline: nil, delays: Self.delays, ladders: [Self.ladder])
    try AnalysisArchive.write(RichReport.value, detail: detail, to: path)
  }

  @Test func `what is read is what was written`() throws {
    try write()
    #expect(try AnalysisArchive.ladder(of: 2, in: path) == Self.ladder)
    #expect(try AnalysisArchive.delays(path) == Self.delays)
    #expect(try AnalysisArchive.read(path) == RichReport.value)
  }

  @Test func `of other connections there is no ladder`() throws {
    try write()
    #expect(try AnalysisArchive.ladder(of: 1, in: path) == nil)
    try AnalysisArchive.write(RichReport.value, to: path)
    #expect(try AnalysisArchive.ladder(of: 2, in: path) == nil)
    #expect(try AnalysisArchive.delays(path) == [])
  }

  @Test func `SQL sees each packet, and each point that has it`() throws {
    try write()
    #expect(
      try rows(of: "SELECT packet, direction, seq, fate, events FROM transmissions", in: path) == [
        "1 | c2s | 4294967295 | lost | [1,3]", "2 | s2c | - | answered | []", "3 | s2c | 0 | open | []",
      ])
    #expect(
      try rows(of: "SELECT packet, hop, point, path, frame, time_ns - \(Self.start) FROM sightings", in: path) == [
        "1 | 1 | client | client.pcap | 3 | 0", "1 | 2 | fw1-out | fw1-out-1.pcap | 4 | 5000000000",
        "2 | 1 | server | server.pcap | 1 | -7",
      ])
  }

  @Test(
    arguments: [
      "not JSON", "[[]]", "[[\"sideways\",0,0,0,0,0,\"lost\",0,[],[]]]", Self.packet(sightings: "[99,0,1,0]"),
      Self.packet(sightings: "[4611686018427387904,0,1,0]"), Self.packet(sightings: "[0,7,1,0]"),
      Self.packet(sightings: "[0,0,-1,0]"), Self.packet(sightings: "[0,0,1,9223372036854775807]"),
      Self.packet(events: "-9223372036854775808"), Self.packet(events: "0"), Self.packet(events: "99"),
      Self.packet(length: "-1"), Self.packet(skipped: "4611686018427387904"),
    ])
  func `packets that make no sense are damage, not a crash`(packets: String) throws {
    try write()
    try execute("UPDATE ladders SET packets = '\(packets)'", on: path)
    #expect(throws: ArchiveError.self) { try AnalysisArchive.ladder(of: 2, in: path) }
  }

  /// A ladder of one packet as the archive keeps it.
  private static func packet(
    events: String = "1", sightings: String = "[0,0,1,0]", length: String = "0", skipped: String = "0"
  ) -> String {
    "[[\"c2s\",0,0,0,0,\(length),\"lost\",\(skipped),[\(events)],[\(sightings)]]]"
  }

  @Test func `packets that make sense are read`() throws {
    try write()
    try execute("UPDATE ladders SET packets = '\(Self.packet())'", on: path)
    #expect(try AnalysisArchive.ladder(of: 2, in: path)?.packets.first?.events == [0])
  }

  @Test(
    arguments: [
      "percentiles_ns = '[1,2,3]'", "percentiles_ns = '[]'", "sampled = -7", "sampled = 8",
      "percentiles_ns = (SELECT json_group_array(v) FROM (SELECT value AS v FROM json_each(percentiles_ns) "
        + "ORDER BY value DESC))",
      "percentiles_ns = json_set(percentiles_ns, '$[100]', 9223372036854775807)", "low_ns = 9223372036854775807",
      "width_ns = 0", "width_ns = 9223372036854775807", "counts = '[9223372036854775807,1,1]'", "longer = -4",
    ])
  func `delays that are no distribution are damage, not a crash`(lie: String) throws {
    try write()
    try execute("UPDATE delays SET \(lie) WHERE near = 0", on: path)
    #expect {
      try AnalysisArchive.delays(path)
    } throws: { error in
      guard case ArchiveError.damaged(path, let message) = error else { return false }
      return message.contains("table delays")
    }
  }
}

import Testing

@testable import Archive

@Suite struct ArchiveViewsTests {
  let folder: TemporaryFolder
  var path: String { folder.file("analysis.db") }

  init() throws {
    folder = try TemporaryFolder()
    try AnalysisArchive.write(RichReport.value, to: path)
  }

  @Test func `loss by segment counts what is decided`() throws {
    #expect(
      try rows(of: "SELECT near, far, inside, direction, offered, lost, lost_percent FROM loss_by_segment", in: path)
        == [
          "client | fw1-out | fw1 | c2s | 1000 | 25 | 2.533", "client | fw1-out | fw1 | s2c | 0 | 0 | -",
          "fw1-out | server | - | c2s | 0 | 0 | -", "fw1-out | server | - | s2c | 1000 | 25 | 2.533",
        ])
  }

  @Test func `the worst connections come first, the good ones not at all`() throws {
    #expect(
      try rows(of: "SELECT * FROM worst_connections", in: path) == [
        "2 | tcp | 10.1.0.10:36963 | 198.51.100.80:80 | 6 | 7 | 51 | 52 | 1.5",
        "1 | udp | [2001:db8::1]:443 | [2001:db8::2]:53 | 0 | 1 | 0 | 1 | 0.0",
      ])
  }

  @Test func `the NAT table has a row for each change of an address`() throws {
    #expect(
      try rows(of: "SELECT * FROM nat_table", in: path) == [
        "2 | tcp | client | fw1-out | 10.1.0.10:36963 | 203.0.113.2:1024 | 198.51.100.80:80 | 198.51.100.80:80",
        "2 | tcp | fw1-out | server | 203.0.113.2:1024 | 203.0.113.2:1024 | 198.51.100.80:80 | 10.9.1.10:8080",
      ])
  }

  @Test func `proof frames name the file to open`() throws {
    #expect(
      try rows(of: "SELECT kind, point, path, frame, says FROM proof_frames", in: path) == [
        "loss | client | client.pcap | 81 | sent", "loss | fw1-out | fw1-out-1.pcap | 82 | the next one arrives",
      ])
  }

  @Test func `lists are JSON to SQL`() throws {
    #expect(
      try rows(of: "SELECT value FROM connections, json_each(match_evidence) WHERE connection = 2", in: path)
        == ["isn", "ip-id", "tcp-timestamp"])
    #expect(try rows(of: "SELECT json_extract(evidence, '$[0]') FROM events LIMIT 1", in: path) == ["Δack ≠ −Δseq"])
  }

  @Test func `a look-up by connection, segment or address uses an index`() throws {
    for query in [
      "SELECT * FROM events WHERE connection = 2", "SELECT * FROM events WHERE near = 0 AND far = 1",
      "SELECT * FROM legs WHERE client = '10.1.0.10:36963'", "SELECT * FROM rewrites WHERE connection = 2",
      "SELECT * FROM finding_connections WHERE connection = 2",
    ] {
      let plan = try rows(of: "EXPLAIN QUERY PLAN \(query)", in: path).joined()
      #expect(plan.contains("SEARCH"), "\(query): \(plan)")
    }
  }
}

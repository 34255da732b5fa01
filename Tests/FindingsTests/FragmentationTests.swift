import Findings
import Flows
import Packets
import TestSupport
import Testing
import Verdicts

/// Datagrams that one point has whole and another in pieces.
@Suite struct FragmentationTests {
  static let client: Endpoint = "10.0.0.1:5000"
  static let server: Endpoint = "192.0.2.1:5001"

  /// A datagram of 2,992 bytes of payload: three fragments on a path with an MTU of 1,500.
  static func datagram(_ number: Int) -> IPv4Packet {
    var random = SplitMix64(seed: UInt64(number))
    let payload = random.bytes(2992)
    return UDPDatagram(source: client, destination: server, payload: payload).ipv4(id: UInt16(700 + number))
  }

  /// What a point has of the nth of ten datagrams.
  typealias View = @Sendable (_ number: Int) -> [IPv4Packet]

  static let whole: View = { [datagram($0)] }
  static let pieces: View = { datagram($0).fragments(of: 1480) }

  /// The report on points that see ten datagrams each in their way, one millisecond after the other.
  ///
  /// - Parameter cut: a point that captures 200 bytes of each frame.
  static func report(_ views: [View], cut: Int? = nil) -> AnalysisReport {
    let traffic = views.enumerated().map { point, view in
      var builder = PointBuilder()
      var frame: UInt32 = 0
      for number in 0..<10 {
        for (place, packet) in view(number).enumerated() {
          frame += 1
          let whole = packet.ethernet()
          let bytes = point == cut ? Array(whole.prefix(200)) : whole
          builder.add(
            timeNS: Int64(1_000_000_000 + number * 50_000_000 + point * 1_000_000 + place * 20_000), frame: frame,
            wireLength: whole.count, bytes: bytes.span.bytes, decoder: PacketDecoder(linkType: .ethernet))
        }
      }
      return builder.finish()
    }
    let sources = views.indices.map {
      PointSource(
        name: "p\($0)", files: [PointSource.File(path: "p\($0).pcap", frames: traffic[$0].counts.frames)],
        linkTypes: ["EN10MB"])
    }
    return Analysis.analyse(traffic, sources: sources, givenOrder: Array(views.indices))
  }

  @Test func `datagrams that the path cuts arrive, and that it cuts them is said`() throws {
    let report = Self.report([Self.whole, Self.pieces, Self.pieces])
    #expect(report.events == [])
    let ledgers = report.segments.map(\.clientToServer)
    #expect(ledgers.map(\.offered) == [10, 30])
    #expect(ledgers.map(\.delivered) == [10, 30])
    let finding = try #require(report.findings.first { $0.kind == "fragmented" })
    #expect(finding.severity == .note && finding.between == PointPair(0, 1) && finding.direction == .clientToServer)
    #expect(finding.title == "Datagrams are cut into fragments between p0 and p1")
    #expect(finding.evidence.map(\.says) == ["2992 bytes of payload", "1472 bytes of the same datagram"])
  }

  @Test func `fragments that a box puts together arrive`() throws {
    let report = Self.report([Self.pieces, Self.whole])
    #expect(report.events == [])
    #expect(report.segments[0].clientToServer.delivered == 30)
    let finding = try #require(report.findings.first { $0.kind == "fragmented" })
    #expect(finding.title == "Fragments are put together between p0 and p1")
  }

  @Test func `fragments that are cut again arrive`() {
    let report = Self.report([Self.pieces, { Self.datagram($0).fragments(of: 984) }])
    #expect(report.events == [])
    #expect(report.segments[0].clientToServer.delivered == 30)
    #expect(report.findings.contains { $0.kind == "fragmented" })
  }

  @Test(arguments: [0, 4], [nil, 0, 1])
  func `fragments of which the first one is lost are not lost with it`(_ place: Int, _ cut: Int?) {
    let beheaded: View = { number in
      Self.pieces(number).enumerated().filter { number != place || $0.offset != 0 }.map(\.element)
    }
    let report = Self.report([Self.pieces, beheaded, beheaded], cut: cut)
    #expect(report.events.map(\.kind) == [.drop] && report.events.first?.ipID == UInt16(700 + place))
    #expect(report.events.first?.length == 1472)
    #expect(report.segments[0].clientToServer.offered == 30)
    #expect(report.segments[0].clientToServer.delivered == 29)
  }

  @Test func `a datagram of which a fragment is missing behind the cut is lost, and the fragment is named`() throws {
    let report = Self.report([
      Self.whole,
      { number in Self.pieces(number).enumerated().filter { number != 4 || $0.offset != 1 }.map(\.element) },
      { number in Self.pieces(number).enumerated().filter { number != 4 || $0.offset != 1 }.map(\.element) },
    ])
    let event = try #require(report.events.first)
    #expect(report.events.count == 1)
    #expect(event.kind == .drop && event.between == PointPair(0, 1) && event.ipID == 704)
    #expect(event.upstream?.frame == 5 && event.downstream?.frame == 13)
    #expect(event.length == 1480)
    #expect(
      event.evidence.contains("the fragment with byte 1472 of its payload did not arrive: the datagram is lost"))
    #expect(report.segments[0].clientToServer.lost == 1)
  }

  /// The nth datagram's pieces without some of them, of the others all.
  static func pieces(of size: Int = 1480, without missing: Set<Int> = [], in lossy: Int = 4) -> View {
    { number in
      datagram(number).fragments(of: size).enumerated().filter { number != lossy || !missing.contains($0.offset) }
        .map(\.element)
    }
  }

  @Test func `a fragment that one capture missed is no loss`() throws {
    let report = Self.report([Self.whole, Self.pieces(without: [1]), Self.pieces])
    let event = try #require(report.events.first)
    #expect(report.events.count == 1)
    #expect(event.kind == .notCaptured && event.point == 1 && event.ipID == 704 && event.length == 1480)
    #expect(report.segments.map(\.clientToServer.lost) == [0, 0])
    #expect(report.segments[0].clientToServer.notCaptured == 1)
  }

  @Test(
    arguments: [
      [pieces, pieces(without: [1]), whole],
      [pieces, pieces(without: [0, 2]), whole],
      [whole, pieces(without: [1]), whole],
      [whole, pieces(without: [0, 1]), whole],
      [pieces, pieces(of: 984, without: [1]), whole],
      [pieces, pieces(of: 984, without: [2, 3]), pieces(of: 1480)],
      [whole, pieces(of: 984, without: [0, 2]), pieces(of: 1480)],
      [pieces, pieces(without: [1]), pieces(of: 2000)],
      [pieces, pieces(without: [1]), pieces(without: [1]), whole],
      [whole, pieces(without: [1]), pieces(without: [0]), whole],
    ] as [[View]])
  func `a fragment that captures missed is no loss where a box behind them puts the datagram together`(
    _ views: [View]
  ) {
    let report = Self.report(views)
    #expect(report.segments.map(\.clientToServer.lost) == views.dropLast().map { _ in 0 })
    #expect(report.events.allSatisfy { $0.kind == .notCaptured && $0.ipID == 704 })
    #expect(report.segments[0].clientToServer.notCaptured > 0)
  }

  @Test func `fragments that no capture has any more are lost, whatever others of their datagram are cut into`() {
    let report = Self.report([Self.pieces, Self.pieces(without: [1]), Self.pieces(of: 984, without: [1, 2, 3])])
    #expect(report.segments.map(\.clientToServer.lost) == [1, 2])
  }

  @Test func `a copy of a fragment further on does not stand for the one that is missing`() throws {
    let report = Self.report([
      Self.whole, Self.pieces(without: [1]),
      { number in
        let pieces = Self.pieces(without: [1])(number)
        return number == 4 ? pieces + [pieces[0]] : pieces
      },
    ])
    let drop = try #require(report.events.first { $0.kind == .drop })
    #expect(drop.ipID == 704 && drop.between == PointPair(0, 1) && drop.length == 1480)
  }

  @Test func `a datagram in more than a hundred pieces arrives`() {
    let large: @Sendable (Int) -> IPv4Packet = { number in
      var random = SplitMix64(seed: UInt64(number))
      return UDPDatagram(source: Self.client, destination: Self.server, payload: random.bytes(64_000))
        .ipv4(id: UInt16(700 + number))
    }
    let report = Self.report([{ [large($0)] }, { large($0).fragments(of: 552) }, { large($0).fragments(of: 552) }])
    #expect(report.events == [])
    #expect(report.segments[0].clientToServer.delivered == 10)
  }

  @Test(arguments: [1, 2, 3, 4, 5])
  func `of datagrams with one number, that one is lost whose pieces did not arrive`(_ lost: Int) throws {
    let numbered: View = { number in
      var packet = Self.datagram(number)
      packet.id = 7
      return [packet]
    }
    let cut: View = { number in number == lost ? [] : numbered(number)[0].fragments(of: 1480) }
    let report = Self.report([numbered, cut, cut])
    #expect(report.events.filter { $0.kind == .drop }.map { $0.upstream?.frame } == [lost + 1])
    #expect(report.segments[0].clientToServer.delivered == 9)
  }

  @Test func `of a fragment that is cut again the missing piece is named by its place in the datagram`() throws {
    let report = Self.report([Self.pieces, Self.pieces(of: 984, without: [2]), Self.pieces(of: 984, without: [2])])
    let named = report.events.filter { $0.kind == .drop }.map(\.evidence)
    let says = "the fragment with byte 1960 of its payload did not arrive: the datagram is lost"
    #expect(named.contains { $0.contains(says) })
    #expect(!named.contains { $0.contains { $0.hasPrefix("the fragment with byte 0 ") } })
  }

  @Test func `a lost fragment is the loss of its datagram`() throws {
    let report = Self.report([
      Self.pieces, { number in number == 4 ? [Self.pieces(number)[0], Self.pieces(number)[2]] : Self.pieces(number) },
      { number in number == 4 ? [Self.pieces(number)[0], Self.pieces(number)[2]] : Self.pieces(number) },
    ])
    let event = try #require(report.events.first)
    #expect(report.events.count == 1)
    #expect(event.kind == .drop && event.between == PointPair(0, 1) && event.upstream?.frame == 14)
    #expect(event.evidence.contains("it is a fragment: its whole datagram is lost with it"))
    #expect(report.segments[0].clientToServer.lost == 1 && report.segments[0].clientToServer.offered == 30)
  }

  @Test func `of pieces that are alike the one is named that is missing`() throws {
    let zeros: View = { number in
      UDPDatagram(source: Self.client, destination: Self.server, payload: Array(repeating: 0, count: 5912))
        .ipv4(id: UInt16(700 + number)).fragments(of: 1480)
    }
    let lossy: View = { number in zeros(number).enumerated().filter { number != 4 || $0.offset != 1 }.map(\.element) }
    let report = Self.report([zeros, lossy, lossy])
    #expect(report.events.filter { $0.kind == .drop }.map { $0.upstream?.frame } == [18])
  }

  @Test func `fragments on top of others are refused, and said`() {
    let overlapping: View = { number in
      var pieces = Self.pieces(number)
      pieces[1].fragmentOffset -= 8
      return pieces
    }
    let report = Self.report([Self.whole, overlapping, overlapping])
    #expect(report.segments[0].clientToServer.delivered == 0 && report.segments[0].clientToServer.lost == 0)
    #expect(!report.findings.contains { $0.kind == "fragmented" })
    #expect(
      report.remarks.contains(
        "p1: 10 fragments on top of others with other bytes; such datagrams are refused (RFC 5722)."))
  }

  @Test func `pieces with other bytes are not the datagram`() {
    let other: View = { number in
      var pieces = Self.pieces(number)
      pieces[2].payload[3] ^= 0x40
      return pieces
    }
    let report = Self.report([Self.whole, other, other])
    #expect(report.segments[0].clientToServer.delivered == 0 && report.segments[0].clientToServer.lost == 0)
  }

  @Test func `a TCP segment that the path cuts arrives`() throws {
    let view = { @Sendable (isCut: Bool) -> View in
      { number in
        var random = SplitMix64(seed: UInt64(number))
        let segment = TCPSegment(
          source: Self.client, destination: Self.server, seq: UInt32(1000 + number * 1400), ack: 1,
          flags: [.psh, .ack],
          payload: random.bytes(1400)
        ).ipv4(id: UInt16(700 + number))
        return isCut ? segment.fragments(of: 1000) : [segment]
      }
    }
    let report = Self.report([view(false), view(true), view(true)])
    #expect(report.events == [])
    #expect(report.segments.map(\.clientToServer.lost) == [0, 0])
    #expect(report.findings.first { $0.kind == "fragmented" }?.between == PointPair(0, 1))
  }
}

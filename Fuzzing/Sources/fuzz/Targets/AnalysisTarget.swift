import Findings
import Flows
import Packets
import Reports
import Verdicts

/// The same frames, or nearly, at two to four points, analysed as a whole: ledgers add up, and one thread says what two say.
///
///     input:  number of points | frame | frame | …
///     frame:  points that hold it, time step, what is changed on the way, length, bytes
enum AnalysisTarget {
  static func run(_ feed: Feed) {
    var feed = feed
    let points = 2 + feed.number(below: 3)
    var builders = (0..<points).map { _ in PointBuilder() }
    var frames = Array(repeating: UInt32(0), count: points)
    let decoder = PacketDecoder(linkType: .ethernet)
    var timeNS: Int64 = 1_700_000_000_000_000_000
    for _ in 0..<120 where !feed.isEmpty {
      let held = feed.byte()
      timeNS += Int64(feed.byte()) * 40_000
      let (changed, place) = (feed.byte(), Int(feed.byte()))
      var bytes = feed.take(Int(feed.byte()) * 2)
      for point in 0..<points {
        // A bit says that a point lacks the frame, so that zeros are a clean path.
        if held & 1 << UInt8(point) != 0 { continue }
        if changed != 0, point == Int(changed) % points, place < bytes.count { bytes[place] ^= changed }
        frames[point] += 1
        builders[point].add(
          timeNS: timeNS + Int64(point) * 1_000_000, frame: frames[point], wireLength: bytes.count,
          bytes: bytes.span.bytes, decoder: decoder)
      }
    }
    let traffic = builders.indices.map { builders[$0].finish() }
    let sources = frames.enumerated().map { index, count in
      PointSource(
        name: "p\(index)", files: [PointSource.File(path: "p\(index).pcap", frames: Int(count))],
        linkTypes: ["EN10MB"])
    }
    let (report, detail, words) = Analysis.analyseWords(
      traffic, sources: sources, givenOrder: nil, detail: .page)
    let again = Analysis.analyse(traffic, sources: sources, givenOrder: nil, threads: 2)
    require(report == again, "two threads say something else")
    for segment in report.segments {
      for ledger in [segment.clientToServer, segment.serverToClient] { Self.check(ledger, segment.between) }
    }
    _ = JSONReport.render(report, words: words)
    _ = TextReport.render(report, words: words, style: TextStyle())
    _ = HTMLReport.render(report, detail: detail)
  }

  static func check(_ ledger: SegmentLedger, _ between: PointPair) {
    let fates = ledger.delivered + ledger.lost + ledger.notCaptured + ledger.outsideCoverage + ledger.undecided
    require(fates == ledger.offered, "\(between): \(fates) fates for \(ledger.offered) packets")
  }
}

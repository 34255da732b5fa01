import Findings
import Foundation
import Reports
import TestSupport
import Testing
import Verdicts

/// What may be changed about the samples without changing what is to be said.
@Suite struct SampleVariationTests {
  @Test(arguments: Sample.names, [11, 12] as [UInt64])
  func `the order of the inputs changes nothing in the report`(_ name: String, _ seed: UInt64) throws {
    let sample = try Sample.named(name)
    var random = SplitMix64(seed: seed)
    let straight = JSONReport.render(sample.report)
    let shuffled = JSONReport.render(analyse(sample.points.shuffled(using: &random)))
    #expect(Golden.firstDifference(straight, shuffled) == nil)
  }

  @Test(arguments: Sample.names)
  func `the same input gives the same report`(_ name: String) throws {
    let sample = try Sample.named(name)
    let again = JSONReport.render(analyse(sample.points))
    #expect(Golden.firstDifference(JSONReport.render(sample.report), again) == nil)
  }

  @Test(arguments: Sample.names, ["client", "fw1-out"])
  func `a capture in two files gives the same verdicts`(_ name: String, _ point: String) throws {
    let sample = try Sample.named(name)
    try withTemporaryFolder { folder in
      let pcap = try PcapEditing(sample.file(point))
      let (one, other) = (folder.appending(path: "1.pcap"), folder.appending(path: "2.pcap"))
      let cut = pcap.count / 3
      try pcap.write(0..<cut, to: one)
      try pcap.write(cut..<pcap.count, to: other)
      var points = sample.points
      let index = try #require(sample.path.firstIndex(of: point))
      points[index] = try Captured(point, files: [one, other])
      let (whole, split) = (sample.report, analyse(points))
      #expect(split.points[index].files == ["1.pcap", "2.pcap"])
      #expect(Said(split).drops(firstFiles: [point: cut]) == Said(whole).drops())
      #expect(split.segments == whole.segments)
      #expect(Said(split).findings() == Said(whole).findings())
    }
  }

  @Test(arguments: Sample.names, [21, 22, 23] as [UInt64])
  func `every capture in pieces of any length gives the same verdicts`(_ name: String, _ seed: UInt64) throws {
    let sample = try Sample.named(name)
    var random = SplitMix64(seed: seed)
    try withTemporaryFolder { folder in
      let points = try sample.path.map { point in
        let pcap = try PcapEditing(sample.file(point))
        let cuts = (0..<6).map { _ in Int(random.next() % UInt64(pcap.count)) }.sorted()
        let files = try zip([0] + cuts, cuts + [pcap.count]).enumerated().map { number, range in
          let file = folder.appending(path: "\(point)-\(number).pcap")
          try pcap.write(range.0..<range.1, to: file)
          return file
        }
        return try Captured(point, files: files)
      }
      let (whole, split) = (sample.report, analyse(points))
      #expect(split.segments == whole.segments)
      #expect(split.connections == whole.connections)
      #expect(Said(split).findings() == Said(whole).findings())
      #expect(split.events.map(\.kind) == whole.events.map(\.kind))
    }
  }

  @Test(arguments: Sample.names, [2, 3, 8, 64])
  func `any number of threads gives the same report`(_ name: String, _ threads: Int) throws {
    let sample = try Sample.named(name)
    let report = Analysis.analyse(
      sample.points.map(\.traffic), sources: sample.points.map(\.source), givenOrder: nil, threads: threads)
    #expect(Golden.firstDifference(JSONReport.render(sample.report), JSONReport.render(report)) == nil)
  }

  @Test(arguments: Sample.names)
  func `clocks that are hours apart change no verdict on a packet`(_ name: String) throws {
    let sample = try Sample.named(name)
    let hours = [0, 3, -7, 12, -1, 5, 2, -4]
    try withTemporaryFolder { folder in
      let points = try zip(sample.path, hours).map { point, hours in
        let file = folder.appending(path: "\(point).pcap")
        try PcapEditing(sample.file(point)).write(movedBy: hours * 3600, to: file)
        return try Captured(point, files: [file])
      }
      let (straight, moved) = (sample.report, analyse(points.reversed()))
      #expect(Said(moved).path == sample.path)
      #expect(Said(moved).drops() == Said(straight).drops())
      #expect(Said(moved).ledgers == Said(straight).ledgers)
      #expect(Said(moved).findings(.fault) == Said(straight).findings(.fault))
      for (point, hours) in zip(moved.points, hours) {
        let offset = try #require(point.clock.offsetNS)
        let error = try #require(point.clock.errorNS)
        #expect(abs(offset - Int64(hours) * 3_600_000_000_000) <= error, "\(point.name)")
      }
    }
  }

  @Test(arguments: Sample.names, [0, 1])
  func `with every second point left out the losses are those of the wider segments`(_ name: String, _ first: Int)
    throws
  {
    let sample = try Sample.named(name)
    let kept = stride(from: first, to: sample.path.count, by: 2).map { $0 }
    let said = Said(analyse(kept.map { sample.points[$0] }))
    #expect(said.path == kept.map { sample.path[$0] })

    /// The segment between kept points that holds a narrower one.
    func wider(_ between: [String]) throws -> String? {
      let near = try #require(sample.path.firstIndex(of: between[0]))
      let far = try #require(sample.path.firstIndex(of: between[1]))
      guard let from = kept.last(where: { $0 <= near }), let to = kept.first(where: { $0 >= far }) else { return nil }
      return "\(sample.path[from]) \(sample.path[to])"
    }
    var lost: [String: Int] = [:]
    for event in sample.truth.events where event.kind == "drop" {
      if let segment = try wider(event.between) { lost["\(segment) \(event.dir)", default: 0] += 1 }
    }
    #expect(said.lost == lost)
    #expect(said.ledgersThatDoNotAddUp == [])
    let causes = try sample.truth.expect.compactMap { expected -> String? in
      let words = expected.split(separator: " ").map(String.init)
      return words.count == 3 ? try wider(Array(words.dropFirst())).map { "\(words[0]) \($0)" } : nil
    }
    #expect(said.findings(.fault).subtracting(causes) == [])
    #expect(Set(causes).subtracting(said.findings(.fault)) == [])
  }
}

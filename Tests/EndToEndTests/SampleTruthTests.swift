import Foundation
import TestSupport
import Testing
import Verdicts

/// What is said of the samples, the order of their points inferred, against what really happened.
@Suite struct SampleTruthTests {
  @Test(arguments: Sample.names)
  func `the path is found`(_ name: String) throws {
    let sample = try Sample.named(name)
    let report = analyse(sample.points.reversed())
    #expect(Said(report).path == sample.path)
    #expect(report.order.source == .inferred)
    #expect(report.order.confidence > 0.9)
  }

  @Test(arguments: Sample.names)
  func `every dropped packet is named with its segment and its frame, and no other`(_ name: String) throws {
    let sample = try Sample.named(name)
    let said = Said(sample.report).drops()
    let happened = sample.truth.drops
    #expect(happened.count == sample.truth.events.count { $0.kind == "drop" })
    #expect(Set(happened).subtracting(said) == [])
    #expect(Set(said).subtracting(happened) == [])
    #expect(Set(said).count == said.count)
  }

  @Test(arguments: Sample.names)
  func `every packet has exactly one fate on every segment`(_ name: String) throws {
    let said = Said(try Sample.named(name).report)
    #expect(said.ledgersThatDoNotAddUp == [])
    #expect(said.ledgers.count >= 7)
  }

  @Test(arguments: Sample.names)
  func `what was caused is found, and no fault that nobody caused`(_ name: String) throws {
    let sample = try Sample.named(name)
    let said = Said(sample.report)
    #expect(Set(sample.truth.expect).subtracting(said.findings()) == [])
    #expect(said.findings(.fault).subtracting(sample.truth.expect) == [])
  }

  @Test(arguments: Sample.names)
  func `clocks that are in step are not said to drift, jump or differ`(_ name: String) throws {
    let report = try Sample.named(name).report
    #expect(Said(report).findings().filter { $0.hasPrefix("clock-") } == [])
    for point in report.points {
      if let offset = point.clock.offsetNS, let error = point.clock.errorNS { #expect(abs(offset) <= error) }
    }
  }

  @Test(arguments: Sample.names)
  func `no packet arrives before it was sent, within what is said of the clocks`(_ name: String) throws {
    let report = try Sample.named(name).report
    for segment in report.segments {
      for direction in Direction.allCases {
        guard let delay = segment[direction].delay else { continue }
        #expect(delay.minNS + delay.errorNS >= 0, "\(Said(report).names(segment.between)) \(direction.word)")
        #expect(delay.minNS <= delay.p50NS && delay.p50NS <= delay.p95NS && delay.p95NS <= delay.p99NS)
        #expect(delay.p99NS <= delay.maxNS)
      }
    }
  }

  @Test func `every mangled acknowledgement number is named with its frame`() throws {
    let sample = try Sample.named("ack-mangle")
    let report = sample.report
    let said = report.events.filter { $0.kind == .rewrite && $0.field == "tcp.ack" }.compactMap { event in
      event.upstream.map {
        Said.Drop(between: Said(report).names(event.between), point: Said(report).path[$0.point], frame: $0.frame)
      }
    }
    let happened = sample.truth.events.filter { $0.kind == "rewrite" }.compactMap { event in
      event.upstream.frame.map { Said.Drop(between: event.between, point: event.upstream.point, frame: $0) }
    }
    #expect(!happened.isEmpty)
    #expect(Set(happened).subtracting(said) == [])
    #expect(Set(said).subtracting(happened) == [])
  }

  @Test func `a path without a fault has nothing lost, injected or broken anywhere`() throws {
    let report = try Sample.named("clean-nat").report
    for segment in report.segments {
      for direction in Direction.allCases {
        let ledger = segment[direction]
        #expect(ledger.offered == ledger.delivered, "\(segment.between) \(direction.word)")
        #expect(ledger.injected + ledger.duplicated + ledger.corrupted + ledger.reordered == 0)
      }
    }
    #expect(report.connections.allSatisfy { $0.legs.count == 8 && $0.match.ambiguousWith.isEmpty })
  }
}

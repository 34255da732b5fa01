import Archive
import Benchmark
import Captures
import Correlation
import Findings
import Flows
import Matching
import Packets
import Reports
import Verdicts
import Glibc

/// One benchmark for each stage of an analysis; "read pcap" is what the others are set against.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.throughput, .cpuTotal, .instructions, .peakMemoryResident], warmupIterations: 1,
    maxDuration: .seconds(3), maxIterations: 15)

  Benchmark("read pcap") { _ in
    var bytes = 0
    for path in Inputs.pcap { Inputs.read(path) { frame, _ in bytes += frame.wireLength } }
    blackHole(bytes)
  }
  Benchmark("read pcapng") { _ in
    var bytes = 0
    for path in Inputs.pcapng { Inputs.read(path) { frame, _ in bytes += frame.wireLength } }
    blackHole(bytes)
  }
  Benchmark("read and decode") { _ in
    let decoder = PacketDecoder(linkType: .ethernet)
    var packet = DecodedPacket()
    var payload = 0
    for path in Inputs.pcap {
      Inputs.read(path) { frame, bytes in
        if decoder.decode(bytes, wireLength: frame.wireLength, into: &packet) == .packet {
          payload += Int(packet.record.payloadLength)
        }
      }
    }
    blackHole(payload)
  }
  Benchmark("read, decode, group") { _ in
    for path in Inputs.pcap { blackHole(Inputs.build(path).connections.count) }
  }
  Benchmark("match") { benchmark in
    let (traffic, names) = (Inputs.traffic, Inputs.sources.map(\.name))
    benchmark.startMeasurement()
    blackHole(MatchedTraffic(inputs: traffic, names: names).groups.count)
  }
  Benchmark("correlate") { benchmark in
    let matched = MatchedTraffic(inputs: Inputs.traffic, names: Inputs.sources.map(\.name))
    benchmark.startMeasurement()
    blackHole(Correlator(matched).correlate())
  }
  Benchmark("match, correlate, find") { benchmark in
    let (traffic, sources) = (Inputs.traffic, Inputs.sources)
    benchmark.startMeasurement()
    blackHole(Analysis.analyse(traffic, sources: sources, givenOrder: nil).findings.count)
  }
  Benchmark("write JSON") { benchmark in
    let report = Inputs.report
    benchmark.startMeasurement()
    blackHole(JSONReport.render(report).count)
  }
  Benchmark("write archive") { benchmark in
    let report = Inputs.report
    let path = "/tmp/hopscope-benchmark-\(getpid()).db"
    benchmark.startMeasurement()
    do throws(ArchiveError) {
      try AnalysisArchive.write(report, to: path)
    } catch {
      preconditionFailure("\(path) cannot be written: \(error)")
    }
    benchmark.stopMeasurement()
    unlink(path)
  }
}

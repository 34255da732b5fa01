import Captures
import Findings
import Flows
import Packets

/// The captures that all benchmarks read, made by `Benchmarks/Traffic/traffic.c`.
///
/// Every benchmark runs in a process of its own, so nothing is loaded before one asks for it.
enum Inputs {
  private static let folder: String = {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/") + "/.build/traffic/"
  }()

  static let pcap = (0..<4).map { folder + "stages.point\($0).pcap" }
  static let pcapng = (0..<4).map { folder + "stages-ng.point\($0).pcapng" }

  /// Reads a capture through and hands every frame to `body`.
  static func read(_ path: String, _ body: (FrameHeader, RawSpan) -> Void) {
    do throws(CaptureError) {
      var reader = try CaptureReader(path: path)
      while reader.readFrames(limit: 10_000, body) == .more {}
    } catch {
      preconditionFailure("\(path) cannot be read (make bench writes it): \(error)")
    }
  }

  /// The traffic of one capture.
  static func build(_ path: String) -> PointTraffic {
    var builder = PointBuilder()
    let decoder = PacketDecoder(linkType: .ethernet)
    read(path) { frame, bytes in
      builder.add(
        timeNS: frame.timeNS, frame: UInt32(truncatingIfNeeded: frame.number), wireLength: frame.wireLength,
        bytes: bytes, decoder: decoder)
    }
    return builder.finish()
  }

  /// The traffic of all points.
  static let traffic = pcap.map(build)

  /// Where it came from.
  static let sources = zip(pcap.indices, pcap).map { index, path in
    PointSource(
      name: "point\(index)", files: [PointSource.File(path: path, frames: traffic[index].counts.frames)],
      linkTypes: ["EN10MB"])
  }

  static let report = Analysis.analyse(traffic, sources: sources, givenOrder: nil)
}

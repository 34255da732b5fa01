import Captures
import Findings
import Flows
import Foundation
import Packets
import TestSupport
import Verdicts

/// One point's captures, read: what an analysis takes.
struct Captured: Sendable {
  var source: PointSource
  var traffic: PointTraffic

  /// Reads the files of a point; the report names them without their folders.
  ///
  /// - Parameter movedByNS: added to every time, in nanoseconds.
  init(_ name: String, files: [URL], movedByNS: Int64 = 0) throws {
    var builder = PointBuilder()
    source = PointSource(name: name, files: [], linkTypes: [])
    var framesBefore = 0
    for file in files {
      var reader = try CaptureReader(path: file.path)
      if !source.linkTypes.contains(reader.linkTypeName) { source.linkTypes.append(reader.linkTypeName) }
      let decoder = PacketDecoder(linkType: LinkType(rawValue: reader.linkType))
      var state = ReadState.more
      while state == .more {
        state = reader.readFrames(limit: 20_000) { frame, bytes in
          builder.add(
            timeNS: frame.timeNS + movedByNS, frame: UInt32(framesBefore + frame.number), wireLength: frame.wireLength,
            bytes: bytes, decoder: decoder)
        }
      }
      source.files.append(PointSource.File(path: file.lastPathComponent, frames: reader.framesRead))
      framesBefore += reader.framesRead
    }
    traffic = builder.finish()
  }

  /// Frames that were never in a file.
  init(_ name: String, frames: [CapturedFrame]) {
    var builder = PointBuilder()
    let decoder = PacketDecoder(linkType: .ethernet)
    for (index, frame) in frames.enumerated() {
      builder.add(
        timeNS: frame.timeNS, frame: UInt32(index + 1), wireLength: frame.wireLength, bytes: frame.bytes.span.bytes,
        decoder: decoder)
    }
    source = PointSource(
      name: name, files: [PointSource.File(path: "\(name).pcap", frames: frames.count)], linkTypes: ["EN10MB"])
    traffic = builder.finish()
  }
}

/// Analyses these points, their order inferred.
func analyse(_ points: [Captured]) -> AnalysisReport {
  Analysis.analyse(points.map(\.traffic), sources: points.map(\.source), givenOrder: nil)
}

/// Gives `body` a folder of its own, removed afterwards.
func withTemporaryFolder<Result>(_ body: (_ folder: URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "hopscope-end-to-end-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

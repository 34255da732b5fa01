import Captures
import Findings
import Flows
import Packets

/// One point read through, file after file.
struct PointReading: Sendable {
  let source: PointSource
  let traffic: PointTraffic
  /// Records that the filter rejected.
  let rejected: Int
  let remarks: [Remark]

  /// Records between two reports of progress.
  private static let batch = 20_000

  /// Reads every file of a point, given in the order of their times.
  ///
  /// - Parameter memoryBudget: bytes of records that may stay in memory.
  init(_ point: InputPoint, box: String?, filter: String?, memoryBudget: Int, progress: Progress) {
    var builder = PointBuilder(memoryBudget: memoryBudget)
    var source = PointSource(name: point.name, files: [], linkTypes: [], box: box)
    var rejected = 0
    var remarks: [Remark] = []
    var framesBefore = 0
    for path in point.files {
      do throws(CaptureError) {
        var reader = try CaptureReader(path: path, filter: filter)
        if !source.linkTypes.contains(reader.linkTypeName) { source.linkTypes.append(reader.linkTypeName) }
        let state = Self.read(&reader, into: &builder, framesBefore: framesBefore, progress: progress)
        if case .damaged(let damage) = state { remarks.append(.damaged(path: path, damage)) }
        source.files.append(PointSource.File(path: path, frames: reader.framesRead))
        framesBefore += reader.framesRead
        rejected += reader.framesRejected
        if !PacketDecoder.supports(LinkType(rawValue: reader.linkType)) {
          remarks.append(.unknownLinkType(path: path, name: reader.linkTypeName, frames: reader.framesRead))
        }
      } catch {
        // It could be opened a moment ago.
        remarks.append(.unreadable(.capture(path: path, error)))
      }
    }
    self.source = source
    self.rejected = rejected
    self.remarks = remarks
    traffic = builder.finish()
  }

  /// What `--verbose` says of the point.
  var summary: String {
    "\(source.name): \(traffic.counts.frames) packets (\(rejected) more rejected by the filter), "
      + "\(source.linkTypes.joined(separator: ",")), from \(source.files.map(\.path).joined(separator: " "))"
  }

  private static func read(
    _ reader: inout CaptureReader, into builder: inout PointBuilder, framesBefore: Int, progress: Progress
  ) -> ReadState {
    let linkType = LinkType(rawValue: reader.linkType)
    let isRead = PacketDecoder.supports(linkType)
    let decoder = PacketDecoder(linkType: linkType)
    var state = ReadState.more
    var reported: Int64 = 0
    while state == .more {
      state = reader.readFrames(limit: batch) { timeNS, wireLength, frame, bytes in
        guard isRead else {
          builder.addUnread(timeNS: timeNS)
          return
        }
        builder.add(
          timeNS: timeNS, frame: UInt32(truncatingIfNeeded: framesBefore + frame), wireLength: wireLength,
          bytes: bytes, decoder: decoder)
      }
      progress.advance(by: reader.bytesRead - reported)
      reported = reader.bytesRead
    }
    return state
  }
}

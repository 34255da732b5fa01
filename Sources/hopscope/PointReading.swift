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
        let state = Self.read(&reader, into: &builder, framesBefore: framesBefore, progress: progress)
        if case .damaged(let damage) = state { remarks.append(.damaged(path: path, damage)) }
        source.files.append(PointSource.File(path: path, frames: reader.framesRead))
        framesBefore += reader.framesRead
        rejected += reader.framesRejected
        for interface in reader.interfaces where interface.packets > 0 {
          source.add(interface)
          if !PacketDecoder.supports(LinkType(rawValue: interface.linkType)) {
            remarks.append(
              .unknownLinkType(path: path, name: interface.linkTypeName, frames: interface.packets))
          }
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
    var decoders: [PacketDecoder?] = []
    var state = ReadState.more
    var reported: Int64 = 0
    while state == .more {
      // Frames come only of interfaces that are known before the batch.
      decoders += reader.interfaces[decoders.count...].map(Self.decoder)
      state = reader.readFrames(limit: batch) { frame, bytes in
        guard let decoder = decoders[frame.interface] else {
          builder.addUnread(timeNS: frame.timeNS)
          return
        }
        builder.add(
          timeNS: frame.timeNS, frame: UInt32(truncatingIfNeeded: framesBefore + frame.number),
          wireLength: frame.wireLength, bytes: bytes, decoder: decoder)
      }
      progress.advance(by: reader.bytesRead - reported)
      reported = reader.bytesRead
    }
    return state
  }

  /// The decoder for an interface's frames; `nil` where nothing here can read them.
  private static func decoder(_ interface: CaptureInterface) -> PacketDecoder? {
    let linkType = LinkType(rawValue: interface.linkType)
    return PacketDecoder.supports(linkType) ? PacketDecoder(linkType: linkType) : nil
  }
}

extension PointSource {
  /// Takes in what a capture says of one of its interfaces.
  fileprivate mutating func add(_ interface: CaptureInterface) {
    if !linkTypes.contains(interface.linkTypeName) { linkTypes.append(interface.linkTypeName) }
    if let drops = interface.drops { kernelDrops = (kernelDrops ?? 0) + drops }
  }
}

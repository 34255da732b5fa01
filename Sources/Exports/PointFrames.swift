import Captures
import Packets
import Verdicts

/// The wanted frames of one point, file after file, a few of them ahead.
final class PointFrames {
  struct Frame {
    var reference: FrameReference
    /// By the reference clock.
    var timeNS: Int64
    var wireLength: Int
    /// libpcap's number of the link type.
    var linkType: Int32
    var bytes: [UInt8]
  }

  private static let batch = 256

  private let point: Int
  private let files: [String?]
  private let clock: ClockCorrection
  private var filter: FrameFilter
  private var reader: CaptureReader?
  private var file = -1
  private var ahead: [Frame] = []
  private var next = 0

  /// The frames of the point's files that are not `nil`.
  init(point: Int, report: AnalysisReport, files: [String?], filter: FrameFilter) {
    self.point = point
    self.files = files
    self.filter = filter
    clock = ClockCorrection(report.points[point])
  }

  /// The next frame, which stays the next one until ``advance()``; `nil` at the end.
  func peek() throws(ExportError) -> Frame? {
    while next == ahead.count {
      guard try fill() else { return nil }
    }
    return ahead[next]
  }

  /// Goes on to the frame behind the one that ``peek()`` gave.
  func advance() { next += 1 }

  /// Reads on; `false` at the end of the last file.
  private func fill() throws(ExportError) -> Bool {
    ahead.removeAll(keepingCapacity: true)
    next = 0
    if reader == nil {
      repeat {
        file += 1
        guard file < files.count else { return false }
      } while files[file] == nil
      guard let path = files[file] else { return false }
      do throws(CaptureError) {
        reader = try CaptureReader(path: path)
      } catch {
        throw .capture(path: path, error)
      }
    }
    var frames: [Frame] = []
    var state = ReadState.more
    // One by one: the description of an interface may stand right before its first frame.
    while state == .more, frames.count < Self.batch {
      var next: (header: FrameHeader, bytes: [UInt8])?
      state =
        reader?.readFrames(limit: 1) { header, bytes in
          next = (header, unsafe bytes.withUnsafeBytes { unsafe Array($0) })
        } ?? .end
      guard let (header, bytes) = next, let linkType = reader?.interfaces[header.interface].linkType else { continue }
      let reference = FrameReference(point: point, file: file, frame: header.number)
      let time = clock.reference(header.timeNS)
      let decoder = PacketDecoder(linkType: LinkType(rawValue: linkType))
      let isWanted = unsafe filter.wants(
        reference, timeNS: time, bytes: bytes.span.bytes, wireLength: header.wireLength, decoder: decoder)
      if isWanted {
        frames.append(
          Frame(reference: reference, timeNS: time, wireLength: header.wireLength, linkType: linkType, bytes: bytes))
      }
    }
    if case .damaged(let damage) = state, case .lost = damage.cause, let path = files[file] {
      // What was copied last may be zeros, and is no evidence.
      throw .capture(path: path, .damagedStart(damage))
    }
    // A damaged file ends where it is damaged, as it did for the analysis.
    if state != .more { reader = nil }
    ahead = frames
    return true
  }
}

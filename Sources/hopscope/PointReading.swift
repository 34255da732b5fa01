import Captures

/// One point read through, file after file.
struct PointReading: Sendable {
  var name: String
  var files: [String]
  var counter = PointCounter()
  /// Names of the link types, each once, in the order of the files.
  var linkTypes: [String] = []
  /// Records that the filter rejected.
  var rejected = 0
  var remarks: [Remark] = []

  /// Records between two reports of progress.
  private static let batch = 20_000

  /// Reads every file of a point, given in the order of their times.
  init(_ point: InputPoint, filter: String?, progress: Progress) {
    name = point.name
    files = point.files
    for path in point.files {
      do throws(CaptureError) {
        let reader = try CaptureReader(path: path, filter: filter)
        read(reader, path: path, progress: progress)
      } catch {
        // It could be opened a moment ago.
        remarks.append(.unreadable(.capture(path: path, error)))
      }
    }
  }

  /// What `--verbose` says of the point.
  var summary: String {
    "\(name): \(counter.packets) packets (\(rejected) more rejected by the filter), "
      + "\(linkTypes.joined(separator: ",")), from \(files.joined(separator: " "))"
  }

  private mutating func read(_ opened: consuming CaptureReader, path: String, progress: Progress) {
    var reader = opened
    let linkType = reader.linkType
    if !linkTypes.contains(reader.linkTypeName) { linkTypes.append(reader.linkTypeName) }
    var state = ReadState.more
    var reported: Int64 = 0
    while state == .more {
      state = reader.readFrames(limit: Self.batch) { timeNS, wireLength, _, bytes in
        counter.add(timeNS: timeNS, wireLength: wireLength, bytes: bytes, linkType: linkType)
      }
      progress.advance(by: reader.bytesRead - reported)
      reported = reader.bytesRead
    }
    rejected += reader.framesRejected
    if case .damaged(let damage) = state { remarks.append(.damaged(path: path, damage)) }
  }
}

import Captures

/// All that a reader hands out of one file.
struct ReadCapture {
  struct Frame: Equatable {
    var timeNS: Int64
    var wireLength: Int
    var number: Int
    var bytes: [UInt8]
  }

  var frames: [Frame] = []
  var state = ReadState.more
  var rejected = 0
  var linkTypeName = ""

  /// Reads in batches of `limit`, as the program does.
  init(path: String, filter: String? = nil, limit: Int = 3) throws {
    var reader = try CaptureReader(path: path, filter: filter)
    linkTypeName = reader.linkTypeName
    var collected: [Frame] = []
    while state == .more {
      state = reader.readFrames(limit: limit) { timeNS, wireLength, number, bytes in
        let copy = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
        collected.append(Frame(timeNS: timeNS, wireLength: wireLength, number: number, bytes: copy))
      }
    }
    frames = collected
    rejected = reader.framesRejected
  }

  init(_ capture: CaptureBytes, filter: String? = nil, limit: Int = 3) throws {
    self = try withTemporaryFile(capture.bytes) { try ReadCapture(path: $0, filter: filter, limit: limit) }
  }
}

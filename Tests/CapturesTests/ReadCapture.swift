import Captures

/// All that a reader hands out of one file.
struct ReadCapture {
  struct Frame: Equatable {
    var timeNS: Int64
    var wireLength: Int
    var number: Int
    var bytes: [UInt8]
    var interface = 0

    /// The frame as a reader sees it that knows of no interfaces.
    var withoutInterface: Frame {
      var frame = self
      frame.interface = 0
      return frame
    }
  }

  var frames: [Frame] = []
  var state = ReadState.more
  var rejected = 0
  var linkTypeName = ""
  var interfaces: [CaptureInterface] = []

  /// Reads in batches of `limit`, as the program does.
  init(path: String, interface: String? = nil, filter: String? = nil, limit: Int = 3) throws {
    var reader = try CaptureReader(CaptureLocation(path: path), interface: interface, filter: filter)
    linkTypeName = reader.linkTypeName
    var collected: [Frame] = []
    while state == .more {
      state = reader.readFrames(limit: limit) { frame, bytes in
        let copy = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
        collected.append(
          Frame(
            timeNS: frame.timeNS, wireLength: frame.wireLength, number: frame.number, bytes: copy,
            interface: frame.interface))
      }
    }
    frames = collected
    rejected = reader.framesRejected
    interfaces = reader.interfaces
  }

  init(_ capture: CaptureBytes, interface: String? = nil, filter: String? = nil, limit: Int = 3) throws {
    self = try withTemporaryFile(capture.bytes) {
      try ReadCapture(path: $0, interface: interface, filter: filter, limit: limit)
    }
  }
}

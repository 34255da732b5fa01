import Captures

/// All that a reader hands out of one file.
struct ReadCapture {
  struct Frame: Equatable {
    var timeNS: Int64
    var wireLength: Int
    var number: Int
    var bytes: [UInt8]
    var interface = 0

    /// What libpcap tells of a frame: it knows no interfaces, and counts only packets.
    var plain: Frame { Frame(timeNS: timeNS, wireLength: wireLength, number: 0, bytes: bytes) }
  }

  var frames: [Frame] = []
  var state = ReadState.more
  var framesRead = 0
  var rejected = 0
  var linkTypeName = ""
  var interfaces: [CaptureInterface] = []
  /// Frames of interfaces that were not known before the batch in which they came.
  var framesToldLate = 0

  /// Reads in batches of `limit`, as the program does.
  init(path: String, interface: String? = nil, filter: String? = nil, limit: Int = 3) throws {
    var reader = try CaptureReader(CaptureLocation(path: path), interface: interface, filter: filter)
    linkTypeName = reader.linkTypeName
    var (collected, late): ([Frame], Int) = ([], 0)
    while state == .more {
      let known = reader.interfaces.count
      state = reader.readFrames(limit: limit) { frame, bytes in
        let copy = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
        if frame.interface >= known { late += 1 }
        collected.append(
          Frame(
            timeNS: frame.timeNS, wireLength: frame.wireLength, number: frame.number, bytes: copy,
            interface: frame.interface))
      }
    }
    (frames, framesToldLate) = (collected, late)
    framesRead = reader.framesRead
    rejected = reader.framesRejected
    interfaces = reader.interfaces
  }

  init(_ capture: CaptureBytes, interface: String? = nil, filter: String? = nil, limit: Int = 3) throws {
    self = try withTemporaryFile(capture.bytes) {
      try ReadCapture(path: $0, interface: interface, filter: filter, limit: limit)
    }
  }
}

import Captures
import Flows
import Packets

/// One file of a point while it is read.
final class OpenFile {
  let file: InputFile
  /// Its place among the files of the point.
  let index: Int
  /// Frames of the point that are numbered before its first.
  let framesBefore: Int
  /// Time of its next record, in nanoseconds since the Unix epoch; the greatest number if there is none.
  private(set) var nextTimeNS = Int64.max
  /// How it ended; `nil` while there is more to read.
  private(set) var endState: ReadState?

  private var reader: CaptureReader
  private var decoders: [PacketDecoder?] = []
  private var bytesReported: Int64 = 0

  /// Records between two reports of progress.
  private static let batch = 20_000

  init(_ file: InputFile, index: Int, framesBefore: Int, filter: String?) throws(CaptureError) {
    reader = try CaptureReader(file.location, interface: file.interface, filter: filter)
    self.file = file
    self.index = index
    self.framesBefore = framesBefore
    lookAhead()
  }

  /// Records read so far.
  var framesRead: Int { reader.framesRead }

  /// Records that the filter rejected so far.
  var framesRejected: Int { reader.framesRejected }

  /// The interfaces described so far.
  var interfaces: [CaptureInterface] { reader.interfaces }

  /// Whether its interfaces are places where packets were captured.
  var isCaptureOfInterfaces: Bool { reader.hasPlaces }

  /// Those of them that belong to the point.
  var wantedInterfaces: [CaptureInterface] {
    guard let wanted = file.interface else { return interfaces }
    return interfaces.filter { $0.answers(to: wanted) }
  }

  /// Whether its next record comes before that of another file; of equal times, the earlier file's.
  func isBefore(_ other: OpenFile) -> Bool { (nextTimeNS, index) < (other.nextTimeNS, other.index) }

  /// The last time at which a record of this file comes before the next one of another.
  func turnEnds(before other: OpenFile) -> Int64 { index < other.index ? other.nextTimeNS : other.nextTimeNS - 1 }

  /// Hands records to the builder, up to this time or the end of a batch.
  func read(
    through lastTimeNS: Int64, into builder: inout PointBuilder, overlap: inout OverlapFilter, progress: Progress
  ) {
    // Frames come only of interfaces that are known before the batch.
    decoders += reader.interfaces[decoders.count...].map(Self.decoder)
    let (decoders, framesBefore, index) = (decoders, framesBefore, index)
    let watches = overlap.isWatching
    _ = reader.readFrames(limit: Self.batch, through: lastTimeNS) { frame, bytes in
      if watches, overlap.isRepeated(frame, bytes, of: index) { return }
      guard let decoder = decoders[frame.interface] else {
        builder.addUnread(timeNS: frame.timeNS)
        return
      }
      guard let number = UInt32(exactly: framesBefore + frame.number) else { return builder.refuseFrame() }
      builder.add(
        timeNS: frame.timeNS, frame: number, wireLength: frame.wireLength, bytes: bytes, decoder: decoder)
    }
    progress.advance(by: reader.bytesRead - bytesReported)
    bytesReported = reader.bytesRead
    lookAhead()
  }

  /// Records of the whole file; those behind the next one are counted by reading it once more.
  func countFrames() -> Int {
    guard endState == nil, file.canBeReadTwice, var again = try? CaptureReader(file.location) else { return framesRead }
    while again.readFrames(limit: .max, { _, _ in }) == .more {}
    return again.framesRead
  }

  private func lookAhead() {
    guard let next = reader.nextTime() else {
      nextTimeNS = .max
      endState = reader.readFrames(limit: 0) { _, _ in }
      return
    }
    nextTimeNS = next
  }

  /// The decoder for an interface's frames; `nil` where nothing here can read them.
  private static func decoder(_ interface: CaptureInterface) -> PacketDecoder? {
    let linkType = LinkType(rawValue: interface.linkType)
    return PacketDecoder.supports(linkType) ? PacketDecoder(linkType: linkType) : nil
  }
}

/// Finds packets that stand in two files of a point, as captures do that were rotated with some overlap.
struct OverlapFilter {
  private struct Seen {
    var digest: Int
    var wireLength: Int
    /// The files that have it.
    var files: [Int]
  }

  /// Whether more than one file is being read.
  var isNeeded = false
  /// Packets that were found in a second file.
  private(set) var repeated = 0
  /// Packets of the time at hand.
  private var seen: [Seen] = []
  private var timeNS = Int64.min

  /// Whether frames must be asked about: also those of the same time behind the end of a file.
  var isWatching: Bool { isNeeded || !seen.isEmpty }

  /// Whether another file had this packet, byte for byte and at the same time.
  ///
  /// What one file has twice, it has twice.
  mutating func isRepeated(_ frame: FrameHeader, _ bytes: RawSpan, of file: Int) -> Bool {
    if frame.timeNS != timeNS {
      timeNS = frame.timeNS
      seen.removeAll(keepingCapacity: true)
    }
    guard isNeeded || !seen.isEmpty else { return false }
    var hasher = Hasher()
    unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    let digest = hasher.finalize()
    let wireLength = frame.wireLength
    let other = seen.firstIndex {
      $0.digest == digest && $0.wireLength == wireLength && !$0.files.contains(file)
    }
    guard let other else {
      seen.append(Seen(digest: digest, wireLength: wireLength, files: [file]))
      return false
    }
    seen[other].files.append(file)
    repeated += 1
    return true
  }
}

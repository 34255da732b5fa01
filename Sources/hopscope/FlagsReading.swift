import Captures
import Packets
import StreamAnalysis

/// One capture read through, each TCP segment analysed.
struct FlagsReading: ~Copyable {
  private(set) var frames = 0
  private(set) var streams = 0
  /// Frames in which a stream was named.
  private(set) var segments = 0
  /// Frames that contradict themselves.
  private(set) var malformed = 0
  /// Fragments of TCP segments, which are not put together.
  private(set) var fragments = 0
  /// Time of the first frame, in nanoseconds since the Unix epoch; 0 if there is none.
  let firstNS: Int64
  let linkTypeName: String
  private(set) var remarks: [Remark] = []

  /// The endpoints of each stream.
  private(set) var endpoints: [StreamEndpoints] = []

  private let path: String
  private var reader: CaptureReader

  /// Records between two looks at the state of the reader.
  private static let batch = 100_000

  /// Opens the capture.
  init(path: String) throws(Failure) {
    do throws(CaptureError) {
      reader = try CaptureReader(path: path)
    } catch {
      throw .input(.capture(path: path, error))
    }
    self.path = path
    firstNS = reader.firstTimeNS ?? 0
    linkTypeName = reader.linkTypeName
  }

  /// Reads to the end, and hands each segment with what is said of it to `body`.
  mutating func read(_ body: (PacketRecord, StreamAnalyser.Said) -> Void) {
    var decoders: [PacketDecoder] = []
    var analyser = StreamAnalyser()
    var packet = DecodedPacket()
    var segment = CommonSegment()
    var state = ReadState.more
    var (malformed, fragments, segments) = (0, 0, 0)
    while state == .more {
      // A batch ends behind each description of an interface.
      for interface in reader.interfaces[decoders.count...] {
        decoders.append(PacketDecoder(linkType: LinkType(rawValue: interface.linkType)))
      }
      state = reader.readFrames(limit: Self.batch) { frame, bytes in
        if decoders[frame.interface].decodeHeaders(bytes, wireLength: frame.wireLength, into: &segment) {
          segment.record.timeNS = frame.timeNS
          segment.record.frame = UInt32(truncatingIfNeeded: frame.number)
          segments += 1
          body(segment.record, analyser.add(segment))
          return
        }
        switch decoders[frame.interface].decode(bytes, wireLength: frame.wireLength, into: &packet) {
        case .packet: break
        case .notIP: return
        case .malformed:
          malformed += 1
          return
        }
        packet.record.timeNS = frame.timeNS
        packet.record.frame = UInt32(truncatingIfNeeded: frame.number)
        guard let said = analyser.add(packet) else {
          if packet.transport == TransportProtocol.tcp { fragments += 1 }
          return
        }
        segments += 1
        body(packet.record, said)
      }
    }
    frames = reader.framesRead
    streams = analyser.count
    endpoints = analyser.endpoints
    (self.malformed, self.fragments, self.segments) = (malformed, fragments, segments)
    if case .damaged(let damage) = state { remarks.append(.damaged(path: path, damage)) }
    let unread = reader.interfaces.filter { !PacketDecoder.supports(LinkType(rawValue: $0.linkType)) && $0.packets > 0 }
    for interface in unread {
      remarks.append(.unknownLinkType(path: path, name: interface.linkTypeName, frames: interface.packets))
    }
    if malformed + fragments > 0, unread.isEmpty {
      remarks.append(.notAnalysed(path: path, malformed: malformed, fragments: fragments))
    }
  }
}

public import Packets

/// Tells the TCP streams of one capture apart as Wireshark numbers them, and analyses each segment in turn.
///
///     var analyser = StreamAnalyser()
///     if let said = analyser.add(packet) { said.stream; said.analysis.flags }
///
/// A stream is never forgotten: what it holds is bounded by its segments in flight, 10,000 in each direction.
public struct StreamAnalyser: Sendable {
  /// The stream of a frame, and what the analysis says of it.
  public struct Said: BitwiseCopyable, Sendable {
    /// Wireshark's `tcp.stream`, from 0.
    public var stream: UInt32
    /// Whether the lower of the two endpoints sent it.
    public var fromLow: Bool
    /// Flags and times.
    public var analysis: SegmentAnalysis
  }

  private var index = StreamIndex()
  private var memo = FlowMemo()
  private var streams: [StreamState] = []
  /// The endpoints of each stream.
  public private(set) var endpoints: [StreamEndpoints] = []

  /// An analyser that has seen nothing.
  public init() {}

  /// Streams so far.
  public var count: Int { streams.count }

  /// Analyses the next frame in the order of capture, its time and frame number set; `nil` if no stream is concerned.
  ///
  /// A segment that is quoted in an ICMP error, and the first fragment of one, belong to a stream and are not analysed,
  /// as their length is not known.
  public mutating func add(_ packet: borrowing DecodedPacket) -> Said? {
    guard packet.transport == TransportProtocol.tcp else {
      return packet.record.marks.contains(.icmpError) ? addQuoted(packet) : nil
    }
    if packet.record.marks.contains(.fragment) { return nil }
    let fromLow = StreamEndpoints.isLow(packet.source, than: packet.destination)
    let key = StreamEndpoints(packet.source, packet.destination, sourceIsLow: fromLow)
    var number = index.find(key) ?? open(key)
    // A header that ends before its flags cannot be analysed.
    if packet.record.marks.contains(.headerCut), packet.record.flags == 0 { return nil }
    var record = packet.record
    record.payloadLength -= min(record.payloadLength, packet.bytesBeyondFrame)
    var isReused = false
    if record.isSYN {
      switch streams[number].opening(record, fromLow: fromLow) {
      case .same: break
      case .reusedHere: isReused = true
      case .another:
        number = open(key)
        isReused = true
      }
    }
    var analysis = streams[number].add(record, fromLow: fromLow)
    if isReused { analysis.flags.insert(.reusedPorts) }
    return Said(stream: UInt32(truncatingIfNeeded: number), fromLow: fromLow, analysis: analysis)
  }

  /// Analyses the next frame, which is a common segment, its time and frame number set.
  ///
  /// It says what ``add(_:)`` says of the packet, sooner.
  @inline(__always)
  public mutating func add(_ segment: borrowing CommonSegment) -> Said {
    let known = memo.find(segment)
    let (number, fromLow) = if let known { known } else { find(segment) }
    var said = Said(stream: UInt32(truncatingIfNeeded: number), fromLow: fromLow, analysis: SegmentAnalysis())
    streams[number].add(SequenceAnalysis.Segment(segment.record), fromLow: fromLow, &said.analysis)
    return said
  }

  @inline(never)
  private mutating func find(_ segment: CommonSegment) -> (number: Int, isForward: Bool) {
    let (source, destination) = (segment.source, segment.destination)
    let fromLow = StreamEndpoints.isLow(source, than: destination)
    let key = StreamEndpoints(source, destination, sourceIsLow: fromLow)
    let number = index.find(key) ?? open(key)
    memo.note(segment, number: number, isForward: fromLow)
    return (number, fromLow)
  }

  @inline(never)
  private mutating func open(_ key: StreamEndpoints) -> Int {
    memo.note(from: key.low, to: key.high, number: streams.count)
    endpoints.append(key)
    streams.append(StreamState())
    index.set(key, stream: streams.count - 1)
    return streams.count - 1
  }

  @inline(never)
  private mutating func addQuoted(_ packet: borrowing DecodedPacket) -> Said? {
    guard packet.quotedTransport == TransportProtocol.tcp, packet.quotedSource.port != 0 else { return nil }
    // Wireshark needs the whole fixed header; a quote may end after eight bytes of it.
    let headers: UInt32 = packet.record.marks.contains(.ipv6) ? 60 : 40
    guard packet.record.payloadLength >= headers else { return nil }
    let fromLow = StreamEndpoints.isLow(packet.quotedSource, than: packet.quotedDestination)
    let key = StreamEndpoints(packet.quotedSource, packet.quotedDestination, sourceIsLow: fromLow)
    let number = index.find(key) ?? open(key)
    let analysis = streams[number].touch(timeNS: packet.record.timeNS)
    return Said(stream: UInt32(truncatingIfNeeded: number), fromLow: fromLow, analysis: analysis)
  }
}

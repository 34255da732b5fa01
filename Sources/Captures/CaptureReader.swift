/// What a capture says of one frame beside its bytes.
public struct FrameHeader: Sendable, Hashable {
  /// Nanoseconds since the Unix epoch.
  public var timeNS: Int64
  /// Bytes on the wire, never fewer than were captured.
  public var wireLength: Int
  /// Number of the frame in its capture, from 1, as Wireshark counts.
  public var number: Int
  /// Index of the interface in `CaptureReader.interfaces`.
  public var interface: Int
}

/// One open capture, read once from its start to its end: pcap, pcapng, snoop or ERF, compressed or not.
///
/// Frames are handed out in batches, so that the caller can say how far it is:
///
///     var reader = try CaptureReader(path: "fw1-in.pcap")
///     var state = ReadState.more
///     while state == .more {
///       state = reader.readFrames(limit: 10_000) { frame, bytes in … }
///       progress.report(reader.bytesRead)
///     }
///
/// A file that is cut or damaged is no error: what stands before the damage is handed out, and the last state says
/// where reading stopped. Not for two threads at once.
public struct CaptureReader: ~Copyable {
  /// The interfaces described so far, at least one; later ones are added as their descriptions are read.
  ///
  /// A batch ends behind a description, so no frame comes of an interface that was not here before the call.
  public internal(set) var interfaces: [CaptureInterface]
  /// Bytes of the file as it lies there; `nil` for what cannot be read twice.
  public let fileSize: Int64?
  /// Time of the first record, in nanoseconds since the Unix epoch; `nil` if none can be read.
  public var firstTimeNS: Int64? { firstTime == Self.noTime ? nil : firstTime }
  /// Records read so far, those that were not handed out included: the number of the last frame.
  public internal(set) var framesRead: Int
  /// Records that the filter rejected so far.
  public internal(set) var framesRejected: Int

  var window: InputWindow
  /// The interfaces that the file describes, in its order.
  var lanes: [InterfaceLane]
  /// By interface.
  private var sieves: [FrameSieve]
  /// Those that only frames tell of.
  var told: ToldInterfaces
  /// Whether any frame may have to be kept back.
  let isSieving: Bool
  /// pcapng: the place of the section's first interface in `lanes`.
  var sectionBase: Int
  private let format: CaptureFormat
  private let isUnpacked: Bool
  private let wantedInterface: String?
  private let filterExpression: String?
  private var firstTime: Int64
  /// Time of the record that was not handed out because it was too late, or `noTime`.
  var pendingTime: Int64
  private var state: ReadState

  /// A time that no record has: see `InterfaceClock`.
  static let noTime = Int64.min

  /// Opens the capture at this path; see `init(_:interface:filter:)`.
  public init(path: String, filter: String? = nil) throws(CaptureError) {
    try self.init(CaptureLocation(path: path), filter: filter)
  }

  /// Opens a capture and reads ahead to its first record.
  ///
  /// `interface` is the name, number or key of the interface whose frames are handed out; without it, all are. `filter`
  /// is an expression in pcap-filter syntax; the frames it rejects are counted, not handed out.
  ///
  /// - Throws: `CaptureError` if the file cannot be opened, is not a capture, or the filter is not valid for it.
  public init(
    _ location: CaptureLocation, interface: String? = nil, filter: String? = nil
  ) throws(CaptureError) {
    self = try Self.opened(location, interface: interface, filter: filter)
  }

  /// A step of its own: a noncopyable value cannot throw from an initialiser once a property has a value, for which a
  /// default value is enough.
  private static func opened(
    _ location: CaptureLocation, interface: String?, filter: String?
  ) throws(CaptureError) -> CaptureReader {
    let input = try OpenInput.at(location)
    let format = try CaptureFormat(input.kind, prefix: input.prefix)
    var reader = CaptureReader(input, format, interface: interface, filter: filter)
    try reader.readAhead()
    return reader
  }

  private init(_ input: OpenInput, _ format: CaptureFormat, interface: String?, filter: String?) {
    self.format = format
    window = InputWindow(input.source, mappedLength: input.mappedLength)
    fileSize = input.size
    isUnpacked = input.isUnpacked
    isSieving = interface != nil || filter != nil
    wantedInterface = interface
    filterExpression = filter
    interfaces = []
    (firstTime, pendingTime) = (Self.noTime, Self.noTime)
    (framesRead, framesRejected) = (0, 0)
    (lanes, sieves, told) = ([], [], ToldInterfaces())
    sectionBase = 0
    state = .more
  }

  private mutating func readAhead() throws(CaptureError) {
    do throws(CaptureDamage.Cause) {
      try start()
      firstTime = nextTime() ?? Self.noTime
      // A pcap file without a frame has an interface, too.
      if case .pcap(let layout) = format, interfaces.isEmpty { try add(layout.interface) }
    } catch {
      state = .damaged(damage(error))
    }
    guard case .damaged(let damage) = state else {
      if interfaces.isEmpty { throw .noInterface }
      return
    }
    if case .badFilter(let message) = damage.cause { throw .badFilter(message: message) }
    if interfaces.isEmpty { throw .damagedStart(damage) }
  }

  var isPcapng: Bool { if case .pcapng = format { true } else { false } }

  /// Whether its interfaces are places where packets were captured, not only kinds of records.
  public var hasPlaces: Bool {
    switch format {
    case .pcapng: true
    case .pcap: format.hasInterfaces
    case .snoop, .erf: false
    }
  }

  /// Whether there may be several such places, by what has been read so far.
  public var mayHaveSeveralPlaces: Bool { hasPlaces && (lanes.count > 1 || isAnyDevice) }

  /// Whether it is a capture of Linux's "any" device whose frames tell their interface, so that all are of one host.
  public var isAnyDevice: Bool { lanes.count == 1 && lanes[0].isTold }

  /// Link type of the first interface (`LINKTYPE_…`).
  public var linkType: Int32 { interfaces[0].linkType }

  /// libpcap's name of the link type of the first interface.
  public var linkTypeName: String { interfaces[0].linkTypeName }

  /// Bytes of the file that are read so far, as it lies there; buffered ones count only as they are used.
  public var bytesRead: Int64 { window.fileBytesRead(isUnpacked: isUnpacked) }

  /// Reads up to `limit` records and hands those that are wanted to `body`; says whether there are more.
  ///
  /// `body` gets the captured bytes, valid during the call only. A record later than `lastTimeNS` is left for the next
  /// call, and so is everything behind it. After `.end` or `.damaged` it stays with that.
  public mutating func readFrames(
    limit: Int, through lastTimeNS: Int64 = .max, _ body: (_ frame: FrameHeader, _ bytes: RawSpan) -> Void
  ) -> ReadState {
    guard state == .more else { return state }
    pendingTime = Self.noTime
    let framesBefore = framesRead
    do throws(CaptureDamage.Cause) {
      let isMore =
        switch format {
        case .pcap(let layout): try readPcap(layout, limit: limit, through: lastTimeNS, body)
        case .pcapng: try readPcapng(limit: limit, through: lastTimeNS, body)
        case .snoop: try readSnoop(limit: limit, through: lastTimeNS, body)
        case .erf: try readERF(limit: limit, through: lastTimeNS, body)
        }
      if !isMore { state = .end }
    } catch {
      state = .damaged(damage(error))
    }
    // Whatever the bytes that are gone were taken for.
    if state != .more, window.hasLost() { state = .damaged(damage(shortage)) }
    if !format.hasInterfaces { interfaces[0].packets += framesRead - framesBefore }
    return state
  }

  /// Time of the next record, in nanoseconds since the Unix epoch, without reading it; `nil` if there is none.
  public mutating func nextTime() -> Int64? {
    while state == .more, pendingTime == Self.noTime { _ = readFrames(limit: 1, through: Self.noTime) { _, _ in } }
    return pendingTime == Self.noTime ? nil : pendingTime
  }
}

extension CaptureReader {
  private mutating func start() throws(CaptureDamage.Cause) {
    switch format {
    case .pcap(let layout):
      window.isBigEndian = layout.isBigEndian
      try passHeader(CaptureFormat.pcapHeaderLength)
      addLane(layout.interface)
      // A filter that does not hold for the link type is told before any frame is read, whatever interfaces come.
      if format.hasInterfaces { _ = try filter(for: layout.interface) } else { try add(layout.interface) }
    case .snoop(let linkType):
      window.isBigEndian = true
      try passHeader(CaptureFormat.snoopHeaderLength)
      let interface = CaptureInterface(linkType: linkType)
      addLane(interface)
      try add(interface)
    case .erf: window.isBigEndian = true
    case .pcapng: break
    }
  }

  private mutating func passHeader(_ length: Int) throws(CaptureDamage.Cause) {
    guard window.holds(length) else { throw shortage }
    window.advance(length)
  }

  /// Takes in how the records of a described interface are read; the interface itself comes next.
  mutating func addLane(_ interface: CaptureInterface, clock: InterfaceClock = .microseconds) {
    lanes.append(
      InterfaceLane(
        clock: clock, longestPacket: LinkTypes.longestPacket(interface.linkType), interface: interfaces.count,
        isTold: interface.linkType == LinkTypes.linuxSLL2))
  }

  private func filter(for interface: CaptureInterface) throws(CaptureDamage.Cause) -> PacketFilter? {
    guard let filterExpression else { return nil }
    do throws(PacketFilter.Invalid) {
      return try PacketFilter(filterExpression, linkType: interface.linkType)
    } catch {
      throw .badFilter(message: error.message)
    }
  }

  /// Takes an interface in, with what its frames are sieved by.
  mutating func add(_ interface: CaptureInterface) throws(CaptureDamage.Cause) {
    var sieve = FrameSieve()
    if let wantedInterface { sieve.isWanted = interface.answers(to: wantedInterface) }
    if sieve.isWanted { sieve.filter = try filter(for: interface) }
    interfaces.append(interface)
    sieves.append(sieve)
  }

  /// Hands out the frame at hand, unless it is not wanted; `captured` bytes of it stand at `offset` in the window.
  @inline(__always) mutating func deliver(
    timeNS: Int64, wireLength: Int, interface: Int, at offset: Int, captured: Int,
    _ body: (_ frame: FrameHeader, _ bytes: RawSpan) -> Void
  ) {
    framesRead &+= 1
    let wireLength = max(captured, wireLength)
    let bytes = unsafe window.bytes(offset, count: captured)
    if isSieving, unsafe !passes(bytes, wireLength: wireLength, interface: interface) { return }
    let frame = FrameHeader(timeNS: timeNS, wireLength: wireLength, number: framesRead, interface: interface)
    unsafe body(frame, RawSpan(_unsafeBytes: bytes))
  }

  @inline(never) private mutating func passes(
    _ bytes: UnsafeRawBufferPointer, wireLength: Int, interface: Int
  ) -> Bool {
    guard sieves[interface].isWanted else { return false }
    guard let filter = sieves[interface].filter, unsafe !filter.accepts(bytes, wireLength: wireLength) else {
      return true
    }
    framesRejected += 1
    return false
  }

  /// Whether the source ended where a record ends; throws if it ended elsewhere, or gave up.
  func endsCleanly() throws(CaptureDamage.Cause) {
    if window.failure != nil || window.available > 0 { throw shortage }
  }

  /// Why bytes that a record needs are not there.
  var shortage: CaptureDamage.Cause {
    switch window.failure {
    case nil: .cut
    case .system(let number): .unreadable(errno: number)
    case .lost(let number): .lost(errno: number)
    case .unpacking(let message): .unpacking(message: message)
    }
  }

  private func damage(_ cause: CaptureDamage.Cause) -> CaptureDamage {
    CaptureDamage(byteOffset: window.offset, frame: framesRead + 1, cause: cause)
  }
}

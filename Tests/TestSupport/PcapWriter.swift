public import Packets

/// A frame to be written into a capture file.
public struct CapturedFrame: Sendable, Hashable {
  /// Nanoseconds since the Unix epoch.
  public var timeNS: Int64
  /// The captured bytes.
  public var bytes: [UInt8]
  /// Bytes on the wire.
  public var wireLength: Int
  /// Number of the interface; only pcapng tells it.
  public var interface: Int

  /// A frame; without a `wireLength` all of it was captured.
  public init(timeNS: Int64, bytes: [UInt8], wireLength: Int? = nil, interface: Int = 0) {
    self.timeNS = timeNS
    self.bytes = bytes
    self.wireLength = wireLength ?? bytes.count
    self.interface = interface
  }
}

/// Writes classic pcap files, as bytes.
public struct PcapWriter: Sendable {
  /// Link type of all frames.
  public var linkType: LinkType
  /// Whether times are written in nanoseconds, else in microseconds.
  public var nanoseconds: Bool
  /// Order of the bytes of all numbers.
  public var byteOrder: ByteOrder
  /// Frames are cut to this many bytes.
  public var snapLength: Int

  /// A writer of files of this form.
  public init(
    linkType: LinkType = .ethernet, nanoseconds: Bool = true, byteOrder: ByteOrder = .little, snapLength: Int = 262_144
  ) {
    self.linkType = linkType
    self.nanoseconds = nanoseconds
    self.byteOrder = byteOrder
    self.snapLength = snapLength
  }

  /// A whole file with these frames.
  public func file(_ frames: [CapturedFrame]) -> [UInt8] {
    frames.reduce(into: header) { $0 += record($1) }
  }

  /// The 24 bytes that a file begins with.
  public var header: [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendInteger(UInt32(nanoseconds ? 0xA1B2_3C4D : 0xA1B2_C3D4), byteOrder)
    bytes.appendInteger(UInt16(2), byteOrder)
    bytes.appendInteger(UInt16(4), byteOrder)
    bytes.appendInteger(UInt64(0), byteOrder)
    bytes.appendInteger(UInt32(snapLength), byteOrder)
    bytes.appendInteger(linkType.rawValue, byteOrder)
    return bytes
  }

  /// A frame with the 16 bytes that stand before it.
  public func record(_ frame: CapturedFrame) -> [UInt8] {
    let captured = frame.bytes.prefix(snapLength)
    let fraction = frame.timeNS % 1_000_000_000
    var bytes: [UInt8] = []
    bytes.appendInteger(UInt32(frame.timeNS / 1_000_000_000), byteOrder)
    bytes.appendInteger(UInt32(nanoseconds ? fraction : fraction / 1000), byteOrder)
    bytes.appendInteger(UInt32(captured.count), byteOrder)
    bytes.appendInteger(UInt32(frame.wireLength), byteOrder)
    return bytes + captured
  }
}

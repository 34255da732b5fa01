/// What a capture says of one interface that its packets were captured at; a format without interfaces has one.
public struct CaptureInterface: Sendable, Hashable {
  /// Number of the link type as in capture files (`LINKTYPE_…`); -1 where the format has none for it.
  public var linkType: Int32
  /// libpcap's name of the link type, such as `EN10MB`, or `LINKTYPE 160` where it has none.
  public var linkTypeName: String
  /// Its name on the capturing host, if the file says.
  public var name: String?
  /// Bytes of a packet that were kept at most; the most that any packet has where the file says 0 or nonsense.
  public var snapLength: Int
  /// Records read so far of this interface.
  public internal(set) var packets = 0
  /// Packets that the capturing host says it dropped, by the last statistics read; `nil` where it says nothing.
  public internal(set) var drops: Int?

  init(linkType: Int32, name: String? = nil, snapLength: UInt32 = 0) {
    self.linkType = linkType
    self.linkTypeName = linkType < 0 ? "unknown" : LinkTypes.name(linkType)
    self.name = name
    let isSaid = snapLength != 0 && snapLength <= UInt32(Int32.max)
    self.snapLength = isSaid ? Int(snapLength) : LinkTypes.longestPacket(linkType)
  }

  /// Whether `#text` behind a file means this interface: by its name, or by its index from 0.
  public func answers(to text: String, index: Int) -> Bool { name == text || String(index) == text }
}

/// How an interface counts its time, and how its records are sieved.
struct InterfaceLane {
  var clock = InterfaceClock.microseconds
  /// The most bytes that a record may hold of a packet.
  var longestPacket: Int
  /// Whether its frames are handed out.
  var isWanted = true
  var filter: PacketFilter?
}

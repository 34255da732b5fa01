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
  /// Its place among those that the file describes, from 0; its number on the capturing host where only frames tell.
  public internal(set) var number: Int
  /// What selects it behind `#`: its name, or its number if it has none.
  public internal(set) var key: String
  /// Whether nothing but the frames tells of it: they come from Linux's "any" device, and each has its number.
  public internal(set) var isToldByFrames = false
  /// Whether the capturing host sent these packets to itself, if the frames tell.
  public internal(set) var isLoopback = false
  /// Records read so far of this interface.
  public internal(set) var packets = 0
  /// Packets that the capturing host says it dropped, by the last statistics read; `nil` where it says nothing.
  public internal(set) var drops: Int?

  init(linkType: Int32, name: String? = nil, number: Int = 0, snapLength: UInt32 = 0) {
    self.linkType = linkType
    self.linkTypeName = linkType < 0 ? "unknown" : LinkTypes.name(linkType)
    self.name = name
    self.number = number
    key = name ?? String(number)
    let isSaid = snapLength != 0 && snapLength <= UInt32(Int32.max)
    self.snapLength = isSaid ? Int(snapLength) : LinkTypes.longestPacket(linkType)
  }

  /// Whether `#text` behind a file means this interface: by its name, its number, or both.
  public func answers(to text: String) -> Bool { name == text || String(number) == text || key == text }
}

/// What the records of a described interface have in common.
struct InterfaceLane {
  var clock: InterfaceClock
  /// The most bytes that a record may hold of a packet.
  var longestPacket: Int
  /// The interface of its frames; where frames tell their own, the one that those begin as.
  var interface: Int
  /// Whether each frame tells its interface, in a header of LINKTYPE_LINUX_SLL2.
  var isTold: Bool
}

/// Which frames of an interface are handed out.
struct FrameSieve {
  var isWanted = true
  var filter: PacketFilter?
}

/// Why a file cannot be opened as a capture.
public enum CaptureError: Error, Sendable, Hashable {
  /// There is no such file.
  case notFound
  /// The path names a folder.
  case isFolder
  /// The file may not be read by this user.
  case noPermission
  /// The system refused to open or read it, with its error number.
  case unreadable(errno: Int32)
  /// It is not a pcap or pcapng file, but this.
  case notACapture(FileKind)
  /// It starts like a capture and ends after this many bytes, within the file header.
  case headerCut(length: Int)
  /// Its header names a version of the format that is not known.
  case unsupportedVersion(major: Int, minor: Int)
  /// A pcapng file whose interfaces differ in a way that libpcap cannot read, before its first packet.
  case interfacesDiffer(InterfaceDifference)
  /// The filter is not valid for this link type; with libpcap's message.
  case badFilter(message: String)
  /// libpcap refuses the file for another reason; with its message.
  case refused(message: String)
}

/// In what the interfaces of one pcapng file differ.
public enum InterfaceDifference: Sendable, Hashable {
  /// In their link types.
  case linkType
  /// In their snap lengths.
  case snapLength
}

/// Whether more frames can be read.
public enum ReadState: Sendable, Hashable {
  /// There may be more.
  case more
  /// The file ended where a record ended.
  case end
  /// Reading had to stop within the file; every frame handed out before is valid.
  case damaged(CaptureDamage)
}

/// Where and why reading a capture had to stop.
public struct CaptureDamage: Sendable, Hashable {
  /// Why reading had to stop.
  public enum Cause: Sendable, Hashable {
    /// The file ends within a record.
    case cut
    /// The interfaces of a pcapng file differ in a way that libpcap cannot read.
    case interfacesDiffer(InterfaceDifference)
    /// A record that cannot be, such as one longer than any packet; with libpcap's message.
    case malformed(message: String)
  }
  /// Where the last whole record ends, in bytes from the start of the file; `nil` where the input cannot seek.
  public var byteOffset: Int64?
  /// Number of the frame that could not be read.
  public var frame: Int
  /// Why reading had to stop.
  public var cause: Cause

  /// Damage at this place.
  public init(byteOffset: Int64?, frame: Int, cause: Cause) {
    self.byteOffset = byteOffset
    self.frame = frame
    self.cause = cause
  }
}

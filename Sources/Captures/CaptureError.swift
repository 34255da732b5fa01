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
  /// It is not a capture of a format that is read, but this.
  case notACapture(FileKind)
  /// It starts like a capture and ends after this many bytes, within the file header.
  case headerCut(length: Int)
  /// Its header names a version of the format that is not known.
  case unsupportedVersion(major: Int, minor: Int)
  /// A pcapng file that describes no interface before its first packet or its end.
  case noInterface
  /// It is damaged before anything could be read.
  case damagedStart(CaptureDamage)
  /// It is compressed and cannot be unpacked; with the unpacker's message.
  case unpacking(message: String)
  /// It is an archive of several files, and none of them was named.
  case isArchive
  /// It is an archive that has no file of this name.
  case memberNotFound(name: String)
  /// The filter is not valid for the link type of its first interface; with libpcap's message.
  case badFilter(message: String)
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
  public enum Cause: Error, Sendable, Hashable {
    /// The file ends within a record.
    case cut
    /// A record that cannot be.
    case malformed(RecordFault)
    /// The system refused to read on, with its error number.
    case unreadable(errno: Int32)
    /// What was being read is gone: the file became shorter, or the system's error number says why it cannot be read. Of the
    /// frames handed out last, bytes may be zeros.
    case lost(errno: Int32?)
    /// What is compressed cannot be unpacked further; with the unpacker's message.
    case unpacking(message: String)
    /// The filter is not valid for the link type of a later interface; with libpcap's message.
    case badFilter(message: String)
  }
  /// Where the last whole record ends, in bytes from the start of the capture, as it is when unpacked.
  public var byteOffset: Int64
  /// Number of the frame that could not be read.
  public var frame: Int
  /// Why reading had to stop.
  public var cause: Cause

  /// Damage at this place.
  public init(byteOffset: Int64, frame: Int, cause: Cause) {
    self.byteOffset = byteOffset
    self.frame = frame
    self.cause = cause
  }
}

/// In what a record contradicts itself or its file.
public enum RecordFault: Error, Sendable, Hashable {
  /// It claims to hold more bytes of a packet than any packet has.
  case packetTooLong(captured: Int, limit: Int)
  /// It claims more bytes of a packet than it has room for.
  case packetOverrunsRecord(captured: Int, room: Int)
  /// A length that no record of its kind can have, in bytes.
  case recordLength(Int)
  /// A pcapng block that has one length at its start and another at its end, in bytes.
  case lengthsDiffer(start: Int, end: Int)
  /// A packet of an interface that no block described.
  case unknownInterface(Int)
  /// An interface whose times have a resolution that cannot be, by the value of if_tsresol.
  case timeResolution(UInt8)
  /// A pcapng section whose byte order cannot be told.
  case byteOrder
  /// A pcapng section of a version that is not known.
  case sectionVersion(major: Int, minor: Int)
}

import Glibc

/// What the system refused to do with a file.
public struct FileError: Error, Sendable, Hashable {
  /// The file.
  public var path: String
  /// The system's error number.
  public var number: Int32

  /// The refusal of this number.
  public init(path: String, number: Int32) {
    self.path = path
    self.number = number
  }

  /// The refusal of the call that has just failed.
  init(path: String) { self.init(path: path, number: errno) }

  /// Whether the disk, or the quota, is full.
  public var isDiskFull: Bool { number == ENOSPC || number == EDQUOT }
  /// The system's words for the number.
  public var message: String { unsafe String(cString: strerror(number)) }
}

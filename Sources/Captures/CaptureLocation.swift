/// Where a capture lies: a file, or a file within an archive.
public struct CaptureLocation: Hashable, Sendable {
  /// The path that stands for standard input.
  public static let standardInput = "-"

  /// The path of the file, or `-`.
  public var path: String
  /// The name of the capture within the archive at that path.
  public var member: String?

  /// The capture at this path.
  public init(path: String, member: String? = nil) {
    self.path = path
    self.member = member
  }

  /// One path for people to read: `captures.tar/client.pcap` for what lies in an archive.
  public var displayPath: String { member.map { "\(path)/\($0)" } ?? path }
}

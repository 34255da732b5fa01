/// From which side of a connection a packet came.
public enum Direction: UInt8, Sendable, Hashable, CaseIterable {
  /// From the side that opened the connection, or sent the first datagram.
  case clientToServer
  /// From the other side.
  case serverToClient

  /// The other direction.
  public var opposite: Direction { self == .clientToServer ? .serverToClient : .clientToServer }
  /// The word of the report: `c2s` or `s2c`.
  public var word: String { self == .clientToServer ? "c2s" : "s2c" }
}

/// Two points of the path by their positions, the one nearer to the client first, whatever the direction.
///
/// Usually neighbours; wider where a point in between does not see the connection or the direction.
public struct PointPair: Sendable, Hashable, Comparable {
  /// Position of the point nearer to the client, from 0.
  public let near: Int
  /// Position of the point nearer to the server; always greater than ``near``.
  public let far: Int

  /// The pair of these two positions, in either order.
  public init(_ one: Int, _ other: Int) {
    near = min(one, other)
    far = max(one, other)
  }

  /// The point that a packet passes first in this direction.
  public func upstream(_ direction: Direction) -> Int { direction == .clientToServer ? near : far }
  /// The point that a packet passes second in this direction.
  public func downstream(_ direction: Direction) -> Int { direction == .clientToServer ? far : near }

  /// By the nearer point, then by the farther one.
  public static func < (left: PointPair, right: PointPair) -> Bool {
    (left.near, left.far) < (right.near, right.far)
  }
}

/// One frame of one capture file, as Wireshark counts it.
public struct FrameReference: Sendable, Hashable {
  /// Position of the point in the path, from 0.
  public var point: Int
  /// Index into the point's files.
  public var file: Int
  /// Frame number in that file, from 1.
  public var frame: Int

  /// The frame with these coordinates.
  public init(point: Int, file: Int, frame: Int) {
    self.point = point
    self.file = file
    self.frame = frame
  }
}

/// A value of a header field, before or after a box changed it.
public enum FieldValue: Sendable, Hashable {
  /// A number as on the wire.
  case number(Int64)
  /// Anything else, in words.
  case text(String)
}

/// How much a finding matters.
public enum Severity: UInt8, Sendable, Hashable, CaseIterable, Comparable {
  /// Something on the path broke traffic.
  case fault
  /// Something that hurts, but that no box on the path is shown to have done.
  case warning
  /// Good to know; harms nobody.
  case note

  /// Faults first.
  public static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
  /// The word of the report.
  public var word: String {
    switch self {
    case .fault: "fault"
    case .warning: "warning"
    case .note: "note"
    }
  }
}

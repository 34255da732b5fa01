/// How a text report is to look.
public struct TextStyle: Sendable, Equatable {
  /// Columns of the screen; below ``narrowest`` counts as ``narrowest``.
  public var width: Int
  /// Whether to write ANSI escape codes; without them the report is plain UTF-8.
  public var colour: Bool
  /// Seconds to add to UTC for the times of day, such as 3,600 for Central European Time.
  public var utcOffsetSeconds: Int

  /// The narrowest screen that a report is laid out for, in columns.
  public static let narrowest = 60

  /// A style.
  public init(width: Int = 100, colour: Bool = false, utcOffsetSeconds: Int = 0) {
    self.width = width
    self.colour = colour
    self.utcOffsetSeconds = utcOffsetSeconds
  }
}

import Captures

/// A point as meant: its name and the captures that feed it.
struct InputPoint: Equatable {
  var name: String
  var files: [InputFile]
  /// The box that its interface is one of, if the capture tells.
  var box: String?
}

/// One capture that feeds a point.
struct InputFile: Equatable {
  var location: CaptureLocation
  /// Name or index of the only interface that belongs to the point; `nil` for all of them.
  var interface: String?
  /// Whether it may be looked at before it is read: no pipe.
  var canBeReadTwice = true
  /// Time of its first packet, in nanoseconds since the Unix epoch; `nil` where it is not known, or there is none.
  var firstTimeNS: Int64?

  /// The path as the report names it.
  var path: String { location.displayPath }
}

/// The inputs as meant: points in the order typed, what was left out, and what cannot be read.
struct ResolvedInputs: Equatable {
  var points: [InputPoint] = []
  var remarks: [Remark] = []
  var unreadable: [InputError] = []
}

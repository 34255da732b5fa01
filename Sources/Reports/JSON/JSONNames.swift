import Verdicts

/// The names of a report's points and files as they stand in JSON, made once: an event needs six of them.
///
/// Every position and file index of a report must be one of its own points and files; a wrong one traps.
struct JSONNames {
  private let points: [JSONText]
  private let pairs: [JSONText]
  /// For each point and each of its files, the members that name a frame but for the frame's number.
  private let files: [[JSONText]]

  init(_ points: [PointReport]) {
    self.points = points.map { JSONText($0.name) }
    pairs = points.flatMap { near in points.map { far in JSONText([near.name, far.name]) } }
    files = points.map { point in point.files.map { JSONText(point: point.name, file: $0) } }
  }

  /// The name of the point at this position.
  subscript(position: Int) -> JSONText { points[position] }

  /// The names of a pair, the point nearer to the client first.
  func pair(_ pair: PointPair) -> JSONText { pairs[pair.near * points.count + pair.far] }

  /// The members that name a frame but for the frame's number.
  func place(of frame: FrameReference) -> JSONText { files[frame.point][frame.file] }
}

/// A value that is JSON already, in a layout where a line holds more than one value.
struct JSONText: JSONValue {
  let bytes: [UInt8]

  init(_ value: some JSONValue) {
    var json = JSONWriter(.oneLine)
    value.write(to: &json)
    bytes = json.bytes
  }

  /// The members that name a frame of a file but for the frame's number.
  fileprivate init(point: String, file: String) {
    var json = JSONWriter(.oneLine)
    json.member("point", point)
    json.member("file", file)
    json.key("frame")
    bytes = json.bytes
  }

  func write(to json: inout JSONWriter) { json.raw(bytes) }
}

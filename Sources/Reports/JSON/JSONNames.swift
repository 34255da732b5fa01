import Verdicts

/// The names of a report's points and files as they stand in JSON, made once: an event needs six of them.
///
/// All of them lie in one text, so that no reference is counted for each that is written. Every position and file index of
/// a report must be one of its own points and files; a wrong one traps.
struct JSONNames {
  private var text: [UInt8] = []
  private var points: [Range<Int>] = []
  private var pairs: [Range<Int>] = []
  /// For each pair and direction, the members that name both.
  private var ways: [Range<Int>] = []
  /// For each form of a rule, its word.
  private var forms: [Range<Int>] = []
  /// Where the files of each point begin in ``files``.
  private var firstFiles: [Int] = []
  /// For each point and each of its files, the members that name a frame but for the frame's number.
  private var files: [Range<Int>] = []

  init(_ points: [PointReport]) {
    for point in points { self.points.append(add { point.name.write(to: &$0) }) }
    for near in points {
      for far in points {
        pairs.append(add { [near.name, far.name].write(to: &$0) })
        for direction in Direction.allCases {
          let members = add { json in
            json.member("between", [near.name, far.name])
            json.member("direction", direction.word)
          }
          ways.append(members)
        }
      }
    }
    for form in RewriteRule.Form.allCases { forms.append(add { form.word.write(to: &$0) }) }
    for point in points {
      firstFiles.append(files.count)
      for file in point.files {
        let members = add { json in
          json.member("point", point.name)
          json.member("file", file)
          json.key("frame")
        }
        files.append(members)
      }
    }
    firstFiles.append(files.count)
  }

  private mutating func add(_ write: (inout JSONWriter) -> Void) -> Range<Int> {
    var json = JSONWriter(.oneLine)
    write(&json)
    text += json.bytes
    return text.count - json.bytes.count..<text.count
  }

  /// Writes the name of the point at this position.
  func write(point position: Int, to json: inout JSONWriter) { json.raw(text.span.extracting(points[position])) }

  /// Writes the names of a pair, the point nearer to the client first.
  func write(_ pair: PointPair, to json: inout JSONWriter) {
    precondition(pair.near >= 0 && pair.far >= 0 && pair.far < points.count)
    json.raw(text.span.extracting(pairs[pair.near * points.count + pair.far]))
  }

  /// Writes the members that name a pair and a direction.
  func write(between pair: PointPair, _ direction: Direction, to json: inout JSONWriter) {
    precondition(pair.near >= 0 && pair.far >= 0 && pair.far < points.count)
    let way = (pair.near * points.count + pair.far) * Direction.allCases.count + Int(direction.rawValue)
    json.rawElement(text.span.extracting(ways[way]))
  }

  /// Writes the word of a form.
  func write(_ form: RewriteRule.Form, to json: inout JSONWriter) {
    json.raw(text.span.extracting(forms[Int(form.rawValue)]))
  }

  /// Writes the members that name a frame but for the frame's number.
  func write(placeOf frame: FrameReference, to json: inout JSONWriter) {
    precondition(frame.file >= 0 && firstFiles[frame.point] + frame.file < firstFiles[frame.point + 1])
    json.rawElement(text.span.extracting(files[firstFiles[frame.point] + frame.file]))
  }
}

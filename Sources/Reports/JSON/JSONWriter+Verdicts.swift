import Verdicts

/// How the vocabulary of verdicts looks in JSON.
extension JSONWriter {
  /// Writes a member that is a frame, or `null`.
  mutating func member(_ name: StaticString, _ reference: FrameReference?, _ names: JSONNames) {
    guard let reference else { return member(name, Int?.none) }
    member(name) { $0.frame(reference, names) }
  }

  /// Writes a member that is the name of a point, or `null`.
  mutating func member(_ name: StaticString, point: Int?, _ names: JSONNames) {
    guard let point else { return member(name, Int?.none) }
    key(name)
    names.write(point: point, to: &self)
  }

  /// Writes a member that is the names of a pair of points, or `null`.
  mutating func member(_ name: StaticString, _ pair: PointPair?, _ names: JSONNames) {
    guard let pair else { return member(name, Int?.none) }
    key(name)
    names.write(pair, to: &self)
  }

  /// Writes the three members that name a frame.
  mutating func frame(_ reference: FrameReference, _ names: JSONNames) {
    names.write(placeOf: reference, to: &self)
    reference.frame.write(to: &self)
  }
}

extension FieldValue: JSONValue {
  func write(to json: inout JSONWriter) {
    switch self {
    case .number(let number): number.write(to: &json)
    case .text(let text): text.write(to: &json)
    }
  }
}

import Verdicts

/// How the vocabulary of verdicts looks in JSON.
extension JSONWriter {
  /// Writes a member that is a frame, or `null`.
  mutating func member(_ name: StaticString, _ reference: FrameReference?, _ names: JSONNames) {
    guard let reference else { return member(name, Int?.none) }
    member(name) { $0.frame(reference, names) }
  }

  /// Writes the three members that name a frame.
  mutating func frame(_ reference: FrameReference, _ names: JSONNames) {
    rawElement(names.place(of: reference).bytes)
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

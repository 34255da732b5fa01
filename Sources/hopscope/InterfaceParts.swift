import Captures

/// Finds the captures of a point that hold one interface, while others of the same name hold several, as rotated ones
/// may.
struct InterfaceParts {
  /// Whether a capture that might have had several interfaces has packets of one, and of which.
  private enum Held {
    case one(BusyInterface)
    case nothing
  }

  /// The points that the interfaces of a capture became, by the name that was typed for all of them.
  private var parts: [String: [String]] = [:]
  private var held: [CaptureLocation: Held] = [:]

  /// Notes what the interfaces of a capture with this name are called.
  mutating func note(_ name: String, _ points: [String]) { parts[name] = points }

  /// Notes a capture that was not taken apart.
  mutating func note(_ location: CaptureLocation, _ survey: InterfaceSurvey) {
    guard survey.isOfPlaces, survey.places.count < 2 else { return }
    held[location] = survey.places.first.map(Held.one) ?? Held.nothing
  }

  /// Gives the files of a name that others take apart to the points of their interfaces.
  func join(_ points: inout [InputPoint]) {
    for (name, names) in parts.sorted(by: { $0.key < $1.key }) {
      guard let whole = points.firstIndex(where: { $0.name == name }) else { continue }
      let files = points[whole].files
      guard files.allSatisfy({ held[$0.location] != nil && $0.interface == nil }) else { continue }
      let box = points.first { $0.name == names[0] }?.box
      points.remove(at: whole)
      for var file in files {
        // Without packets it may stand anywhere.
        var part = names[0]
        if case .one(let interface) = held[file.location] {
          file.interface = interface.key
          part = "\(name)-\(interface.nameInPoint)"
        }
        if let index = points.firstIndex(where: { $0.name == part }) {
          points[index].files.append(file)
        } else {
          points.append(InputPoint(name: part, files: [file], box: box))
        }
      }
    }
  }
}

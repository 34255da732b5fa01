import Verdicts

/// The notes, a line each: those of one kind and place together, and then one and the same note of many places.
enum NoteLines {
  private static let shown = 12

  private struct Group {
    let kind: String
    let title: String
    /// Notes of this kind at one place.
    var count: Int
    var places: [String]
  }

  static func lines(_ view: ReportView) -> [Line] {
    let groups = group(view)
    var lines = groups.prefix(shown).map { line($0, view) }
    if groups.count > shown {
      lines.append(Line("  … and \(Numbers.count(groups.count - shown, "note")) more (--format json has all)", .faint))
    }
    return lines
  }

  private static func group(_ view: ReportView) -> [Group] {
    var byPlace: [Group] = []
    for note in view.findings(.note) {
      let place = note.between.map { view.stretch($0, note.direction) } ?? view.place(note)
      if let index = byPlace.firstIndex(where: { $0.kind == note.kind && $0.places == [place] }) {
        byPlace[index].count += 1
      } else {
        byPlace.append(Group(kind: note.kind, title: note.title, count: 1, places: [place]))
      }
    }
    var groups: [Group] = []
    for group in byPlace {
      let same = groups.firstIndex { $0.kind == group.kind && $0.title == group.title && $0.count == group.count }
      if let same {
        groups[same].places += group.places
      } else {
        groups.append(group)
      }
    }
    return groups
  }

  private static func line(_ group: Group, _ view: ReportView) -> Line {
    let times = group.count > 1 ? " ×\(group.count)" : ""
    let place = group.places.count > 2 ? "\(group.places.count) places" : group.places.joined(separator: ", ")
    let origin = Line(" [\(group.kind)\(times), \(place)]", .faint)
    let title = Line(group.title).clipped(to: max(20, view.width - 4 - origin.width))
    return (Line("  · ", .faint) + title + origin).clipped(to: view.width)
  }
}

import Correlation
import Flows
import Matching
import Verdicts

/// What was counted but could not be followed, in whole sentences.
enum RemarksSection {
  static func make(_ file: CaseFile) -> [String] {
    var remarks: [String] = []
    for position in file.matched.points.indices {
      let counts = file.matched.points[position].counts
      let name = file.name(position)
      if counts.notIP > 0 { remarks.append("\(name): \(CaseFile.count(counts.notIP, "frame")) without IP skipped.") }
      if counts.malformed > 0 {
        remarks.append(
          "\(name): \(CaseFile.count(counts.malformed, "frame")) skipped whose headers contradict themselves.")
      }
      if counts.untimed > 0 {
        remarks.append(
          "\(name): \(CaseFile.count(counts.untimed, "frame")) with a time stamp before 1988, taken to have come together with "
            + "the frame before.")
      }
      if counts.fragments > 0 {
        remarks.append(
          "\(name): \(CaseFile.count(counts.fragments, "fragment")), each with a fate of its own; a datagram that another "
            + "point has whole is matched by them.")
      }
      if counts.overlappingFragments > 0 {
        remarks.append(
          "\(name): \(CaseFile.count(counts.overlappingFragments, "fragment")) on top of others with other bytes; such "
            + "datagrams are refused (RFC 5722).")
      }
      if counts.listensToAir {
        remarks.append(
          "\(name) listens to the air: it hears what passes it by, so what the next point lacks is undecided, not lost."
        )
      }
      if let unexplained = file.tally.unexplained[position] {
        remarks.append(
          "\(name): \(CaseFile.count(unexplained, "datagram")) first seen here: made on the way, or missing from the "
            + "capture before; nothing tells which.")
      }
      if let packets = file.tally.passedUncaptured[position] {
        remarks.append(
          "\(name): \(CaseFile.count(packets, "packet")) of the next point would have passed before this capture began, after it "
            + "ended or while it paused; no ledger has them.")
      }
      if let damage = file.tally.damaged[position] {
        remarks.append(
          "\(name): \(CaseFile.count(damage.packets, "packet")) damaged in this capture (\(first(of: damage, position, file))): "
            + "the checksum does not hold, and the next point has other bytes, of which it does.")
      }
      if counts.frames == 0 {
        remarks.append("\(name): no packet in this capture.")
      } else if file.sharesNothing(position) {
        remarks.append(
          "\(name): no packet in common with any other point; check that it is the same traffic and the same time.")
      }
    }
    for doubt in file.matched.orderDoubts {
      remarks.append(
        "The order was given, but by the round trips of \(doubt.connections) of \(CaseFile.count(doubt.voting, "connection")) "
          + "\(file.name(doubt.far)) and \(file.name(doubt.near)) stand the other way round. If so, what is said of the "
          + "segment between them and of those next to it does not hold.")
    }
    let ambiguous = file.tally.ambiguousGroups
    if ambiguous > 0 {
      remarks.append(
        "\(CaseFile.count(ambiguous, "connection")) cannot be told apart at some point and count in no ledger.")
    }
    let withoutHeading = file.tally.groupsWithoutHeading
    if withoutHeading > 0 {
      remarks.append(
        "\(CaseFile.count(withoutHeading, "connection")) of one direction: nothing tells which way they run, so they "
          + "count in no ledger.")
    }
    return remarks
  }

  private static func first(of damage: Damage, _ position: Int, _ file: CaseFile) -> String {
    let frame = file.frame(position, damage.firstFrame)
    let files = file.sources[position].files
    let place = files.count > 1 ? "frame \(frame.frame) of \(files[frame.file].path)" : "frame \(frame.frame)"
    return damage.packets > 1 ? "the first is \(place)" : place
  }
}

extension CaseFile {
  /// Whether no connection of a point was found at another one, though others have packets.
  fileprivate func sharesNothing(_ position: Int) -> Bool {
    matched.points.indices.contains { $0 != position && matched.points[$0].counts.frames > 0 }
      && !matched.groups.contains { $0.members[position] >= 0 && $0.presentPoints.count > 1 }
  }
}

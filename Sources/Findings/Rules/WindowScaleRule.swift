import Correlation
import Matching
import Packets
import Verdicts

/// `window-scale-broken`: a window scale that is not the same on both sides of a segment, and what that does to windows.
enum WindowScaleRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.rewritesBySegment { $0.field == .windowScale }.map { pair, rewrites in finding(pair, rewrites, file) }
  }

  private static func finding(_ pair: PointPair, _ rewrites: [FieldRewrite], _ file: CaseFile) -> Finding {
    let first = rewrites.min { $0.upstream.timeNS < $1.upstream.timeNS }
    let what =
      rewrites.allSatisfy(\.isStripped)
      ? "taken out" : rewrites.allSatisfy { $0.before == nil } ? "put in" : "changed"
    let groups = Set(rewrites.map(\.group))
    return Finding(
      kind: "window-scale-broken", severity: .warning, between: pair,
      direction: CaseFile.onlyDirection(rewrites.map(\.direction)),
      title: "The window scale option is \(what) between \(file.names(pair))",
      explanation: [
        first.map(effect), first.flatMap { windows($0, file) }, companions(groups, pair, rewrites, file),
      ].compactMap { $0 }.joined(separator: " "),
      confidence: 0.98, connections: groups.map { file.connectionIDs[$0] }.sorted(),
      packets: rewrites.reduce(0) { $0 + $1.packets },
      evidence: first.map {
        file.pairEvidence(
          $0.upstream, $0.downstream, before: "window scale: \(words($0.before))",
          after: "window scale: \(words($0.after)), same packet")
      } ?? [],
      confirm: "Wireshark: tcp.flags.syn == 1, compare tcp.options.wscale.shift in the two frames; read the box's TCP "
        + "normalisation settings.")
  }

  private static func words(_ shift: Int64?) -> String { shift.map { "\($0)" } ?? "absent" }

  /// The largest window that the host means and the one that the other end can understand.
  private static func effect(_ rewrite: FieldRewrite) -> String {
    let (meant, understood) = (65_535 << (rewrite.before ?? 0), 65_535 << (rewrite.after ?? 0))
    if rewrite.after == nil {
      return "Whoever gets this packet believes that windows are not scaled, so it never sends more than 65535 bytes "
        + "ahead, where the host would take up to \(meant)."
    }
    if rewrite.before == nil {
      return "The host did not offer scaling, so its windows of at most 65535 bytes are taken for up to \(understood): "
        + "the other end sends more than the host has room for."
    }
    return understood > meant
      ? "Windows of at most \(meant) bytes are taken for up to \(understood): the other end sends more than the host has "
        + "room for."
      : "Windows of up to \(meant) bytes are taken for at most \(understood): the other end waits for acknowledgements "
        + "though there is room."
  }

  /// What the windows then are in the first connection, for which the other end takes them; `nil` where that is the same, or
  /// not known.
  private static func windows(_ rewrite: FieldRewrite, _ file: CaseFile) -> String? {
    let group = file.matched.groups[rewrite.group]
    let (near, far) = (rewrite.upstream.position, rewrite.downstream.position)
    let misread = [(rewrite.direction, near, far), (rewrite.direction.opposite, far, near)].compactMap {
      way, sender, receiver -> String? in
      guard let sent = windows(way, group, at: sender, file), let taken = windows(way, group, at: receiver, file),
        sent != taken
      else { return nil }
      return "windows \(way.word) mean \(sent) bytes and are taken for \(taken)"
    }
    return misread.isEmpty
      ? nil : "In connection #\(file.connectionIDs[rewrite.group]) \(misread.joined(separator: "; "))."
  }

  /// The windows of one way, as whoever sees the handshake at this point reads them.
  private static func windows(
    _ way: Direction, _ group: ConnectionGroup, at position: Int, _ file: CaseFile
  ) -> String? {
    guard let shift = file.windowShift(of: group, at: position, way) else { return nil }
    var range: ClosedRange<Int>?
    var seen = 0
    file.forEachSegment(of: group, at: position) { record, direction in
      guard direction == way, record.hasACK, !record.isSYN, !record.isRST else { return true }
      let window = Int(record.window) << shift
      range = min(range?.lowerBound ?? window, window)...max(range?.upperBound ?? window, window)
      seen += 1
      return seen < mostWindows
    }
    guard let range, range.upperBound > 0 else { return nil }
    return range.count == 1 ? "\(range.upperBound)" : "\(range.lowerBound) to \(range.upperBound)"
  }

  /// Whether both ends of every connection read the windows alike, as the answer to a SYN without the option has none.
  private static func areAgreed(_ groups: Set<Int>, _ pair: PointPair, _ file: CaseFile) -> Bool {
    groups.allSatisfy { index in
      let group = file.matched.groups[index]
      return Direction.allCases.allSatisfy { way in
        guard let near = file.windowShift(of: group, at: pair.near, way) else { return false }
        return near == file.windowShift(of: group, at: pair.far, way)
      }
    }
  }

  /// Windows looked at of a connection.
  private static let mostWindows = 10_000

  /// Whether the box scales the windows to match, and whether the other direction keeps its option.
  private static func companions(
    _ groups: Set<Int>, _ pair: PointPair, _ rewrites: [FieldRewrite], _ file: CaseFile
  ) -> String {
    let scaled = Set(
      file.tally.rewrites.lazy.filter { $0.field == .window && $0.between == pair && groups.contains($0.group) }
        .map(\.group))
    var text =
      areAgreed(groups, pair, file)
      ? "The other end then offers none either, so both read windows as they are meant."
      : scaled.isEmpty
        ? "The window fields pass unchanged, so nothing makes up for it."
        : "In \(scaled.count) of \(groups.count) connections the window fields are rewritten as well: there the box may "
          + "scale them to match."
    if let direction = CaseFile.onlyDirection(rewrites.map(\.direction)) {
      text += " Only SYNs \(direction.word) are concerned."
    }
    return text
  }
}

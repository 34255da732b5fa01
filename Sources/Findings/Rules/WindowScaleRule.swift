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

  /// What the host's windows then are in the first connection, as they arrive: what it means and what the other end
  /// understands; `nil` where the host does not scale them, or says the same.
  private static func windows(_ rewrite: FieldRewrite, _ file: CaseFile) -> String? {
    let group = file.matched.groups[rewrite.group]
    let (near, far) = (rewrite.upstream.position, rewrite.downstream.position)
    guard let meant = file.windowShift(of: group, at: near, rewrite.direction),
      let understood = file.windowShift(of: group, at: far, rewrite.direction), meant != understood
    else { return nil }
    var arrived: ClosedRange<Int>?
    var seen = 0
    file.forEachSegment(of: group, at: far) { record, way in
      guard way == rewrite.direction, record.hasACK, !record.isSYN, !record.isRST else { return true }
      let window = Int(record.window)
      arrived = min(arrived?.lowerBound ?? window, window)...max(arrived?.upperBound ?? window, window)
      seen += 1
      return seen < mostWindows
    }
    guard let arrived, arrived.upperBound > 0 else { return nil }
    func bytes(_ shift: Int) -> String {
      let (least, most) = (arrived.lowerBound << shift, arrived.upperBound << shift)
      return least == most ? "\(most)" : "\(least) to \(most)"
    }
    return "In connection #\(file.connectionIDs[rewrite.group]) its windows arrive as \(bytes(0)): it means "
      + "\(bytes(meant)) bytes, the other end takes them for \(bytes(understood))."
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
      scaled.isEmpty
      ? "The window fields pass unchanged, so nothing makes up for it."
      : "In \(scaled.count) of \(groups.count) connections the window fields are rewritten as well: there the box may "
        + "scale them to match."
    if let direction = CaseFile.onlyDirection(rewrites.map(\.direction)) {
      text += " Only SYNs \(direction.word) are concerned."
    }
    return text
  }
}

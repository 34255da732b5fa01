import Verdicts

/// The addresses of each connection, one after the other along the path, wherever a box changes them.
enum NATTableText {
  private static let shown = 12

  static func lines(_ view: ReportView) -> [Line] {
    let translated = view.report.connections.filter(AddressChain.isTranslated)
    guard !translated.isEmpty else { return [] }
    let facts = """
      \(Numbers.grouped(translated.count)) of \(Numbers.count(view.report.connections.count, "connection")) change \
      addresses on the way (client | server)
      """
    let shownConnections = translated.prefix(shown)
    let labelWidth = shownConnections.map { "#\($0.id)".count }.max() ?? 0
    var lines = view.heading("NAT", facts)
    for connection in shownConnections {
      let label = Line("#\(connection.id)", .faint).padded(to: labelWidth, right: true).indented(2)
      let column = labelWidth + 4
      lines += Wrapping.hanging(label, chains(connection, width: view.width - column), column: column)
    }
    if translated.count > shown {
      lines.append(Line("  … and \(Numbers.grouped(translated.count - shown)) more (--format json has all)", .faint))
    }
    return lines
  }

  /// The chain of the client, then that of the server, on one line if it is wide enough.
  private static func chains(_ connection: ConnectionReport, width: Int) -> [Line] {
    let client = links(AddressChain.of(connection.legs.map(\.client)))
    let server = links(AddressChain.of(connection.legs.map(\.server)))
    let separator = Line("| ", .faint)
    let one = Wrapping.pack(client + [separator.trimmed] + server, between: Line(" "), width: width)
    guard one.count > 1 else { return one }
    let below = Wrapping.pack(server, between: Line(" "), width: width - separator.width)
    return Wrapping.pack(client, between: Line(" "), width: width)
      + Wrapping.hanging(separator, below, column: separator.width)
  }

  private static func links(_ chain: [String]) -> [Line] {
    chain.enumerated().map { Line($1 + ($0 + 1 < chain.count ? " →" : "")) }
  }
}

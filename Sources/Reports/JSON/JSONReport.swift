public import Verdicts

/// The report for programs: one JSON object of the schema `hopscope.report/1`.
public enum JSONReport {
  /// Renders a report as UTF-8, ending in a line feed.
  ///
  /// The same report gives the same bytes. Every key of the schema is present and stands in its order; a value that
  /// is not known is `null`. Times are integer nanoseconds since the Unix epoch by the reference clock. Added to the
  /// schema, at the end of their objects, are `remarks` and the `evidence` of the order.
  ///
  /// Every position, and every index of a file, must be one of the report's own points and files.
  ///
  /// - Parameter words: Wireshark's words, which make one more key, `wireshark`, at the end; `nil`: there is none.
  public static func render(_ report: AnalysisReport, words: FlagWords? = nil) -> [UInt8] {
    var bytes: [UInt8] = []
    unsafe write(report, words: words) { unsafe bytes.append(contentsOf: $0) }
    return bytes
  }

  /// Renders a report piece by piece, so that a large one is never held whole.
  ///
  /// - Parameters:
  ///   - words: Wireshark's words, as for ``render(_:words:)``.
  ///   - sink: takes the next piece; must not keep it.
  /// - Throws: what `sink` throws.
  public static func write<Failure: Error>(
    _ report: AnalysisReport, words: FlagWords? = nil, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    let names = JSONNames(report.points)
    var json = JSONWriter()
    json.openObject()
    json.member("schema", "hopscope.report/1")
    json.member("order") { order(report, to: &$0) }
    json.member("points", each: report.points.enumerated()) { point($1.element, at: $1.offset, to: &$0) }
    json.member("segments", each: report.segments) { segment($1, names, to: &$0) }
    try unsafe list("connections", report.connections, &json, sink) { connection($1, names, to: &$0) }
    try unsafe list("events", report.events, &json, sink) { event($1, names, to: &$0) }
    try unsafe list("rewrites", report.rewrites, &json, sink) { rewrite($1, names, to: &$0) }
    json.member("findings", each: report.findings) { finding($1, names, to: &$0) }
    json.member("remarks", report.remarks)
    if let words { json.member("wireshark") { WordsJSON.members(words, names, to: &$0) } }
    json.closeObject()
    json.endLine()
    try unsafe json.drain(to: sink)
  }

  /// Bytes of a piece.
  private static let pieceSize = 1 << 16

  /// Writes a member that is a long array, piece by piece.
  @inline(__always)
  private static func list<Items: Sequence, Failure: Error>(
    _ name: StaticString, _ items: Items, _ json: inout JSONWriter,
    _ sink: (UnsafeRawBufferPointer) throws(Failure) -> Void, _ body: (inout JSONWriter, Items.Element) -> Void
  ) throws(Failure) {
    json.key(name)
    json.openArray()
    for item in items {
      json.element { body(&$0, item) }
      try unsafe json.drain(from: pieceSize, to: sink)
    }
    json.closeArray()
  }

  private static func order(_ report: AnalysisReport, to json: inout JSONWriter) {
    let reference = report.order.referenceClock
    json.member("source", report.order.source.word)
    json.member("confidence", report.order.confidence)
    json.member("reference_clock", report.points.indices.contains(reference) ? report.points[reference].name : nil)
    json.member("evidence", report.order.evidence)
  }
}

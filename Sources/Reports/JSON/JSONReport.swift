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
    let names = PointNames(report.points)
    var json = JSONWriter()
    json.object { json in
      json.member("schema", "hopscope.report/1")
      json.member("order") { order(report, to: &$0) }
      json.member("points", each: report.points.enumerated()) { point($1.element, at: $1.offset, to: &$0) }
      json.member("segments", each: report.segments) { segment($1, names, to: &$0) }
      json.member("connections", each: report.connections) { connection($1, names, to: &$0) }
      json.member("events", each: report.events) { event($1, names, to: &$0) }
      json.member("rewrites", each: report.rewrites) { rewrite($1, names, to: &$0) }
      json.member("findings", each: report.findings) { finding($1, names, to: &$0) }
      json.member("remarks", report.remarks)
      if let words { json.member("wireshark") { WordsJSON.members(words, names, to: &$0) } }
    }
    return json.endingInLineFeed()
  }

  private static func order(_ report: AnalysisReport, to json: inout JSONWriter) {
    let reference = report.order.referenceClock
    json.member("source", report.order.source.word)
    json.member("confidence", report.order.confidence)
    json.member("reference_clock", report.points.indices.contains(reference) ? report.points[reference].name : nil)
    json.member("evidence", report.order.evidence)
  }
}

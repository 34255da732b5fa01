public import Verdicts

/// The events of a report for programs that read line by line (`jq`, `grep`, a log shipper).
public enum JSONLinesReport {
  /// Renders one JSON object for each event on a line of its own, by time; the keys are those of the JSON report.
  public static func events(_ report: AnalysisReport) -> [UInt8] {
    let names = JSONNames(report.points)
    var json = JSONWriter(.oneLine)
    for event in report.events {
      JSONReport.event(event, names, to: &json)
      json.endLine()
    }
    return json.bytes
  }
}

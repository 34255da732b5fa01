public import Verdicts

/// The events of a report for programs that read line by line (`jq`, `grep`, a log shipper).
public enum JSONLinesReport {
  /// Renders one JSON object for each event on a line of its own, by time; the keys are those of the JSON report.
  public static func events(_ report: AnalysisReport) -> [UInt8] {
    let names = PointNames(report.points)
    var bytes: [UInt8] = []
    for event in report.events {
      var json = JSONWriter(.oneLine)
      JSONReport.event(event, names, to: &json)
      bytes.append(contentsOf: json.bytes)
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }
}

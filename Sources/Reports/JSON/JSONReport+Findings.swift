import Verdicts

/// What it all means.
extension JSONReport {
  static func finding(_ finding: Finding, _ names: JSONNames, to json: inout JSONWriter) {
    json.object { json in
      json.member("kind", finding.kind)
      json.member("severity", finding.severity.word)
      json.member("between", finding.between, names)
      json.member("point", point: finding.point, names)
      json.member("direction", finding.direction?.word)
      json.member("title", finding.title)
      json.member("explanation", finding.explanation)
      json.member("confidence", finding.confidence)
      json.member("connections", finding.connections)
      json.member("packets", finding.packets)
      json.member("evidence", each: finding.evidence) { json, evidence in
        json.object { json in
          json.frame(evidence.frame, names)
          json.member("says", evidence.says)
        }
      }
      json.member("confirm", finding.confirm)
    }
  }
}

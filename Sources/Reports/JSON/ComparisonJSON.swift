public import Comparison
import Verdicts

/// Two analyses against each other, for programs: one JSON object of the schema `hopscope.compare/1`.
public enum ComparisonJSON {
  /// Renders a comparison as UTF-8, ending in a line feed; `old` and `new` are what the analyses are called.
  ///
  /// The same comparison gives the same bytes; a value that is not known is `null`.
  public static func render(_ comparison: AnalysisComparison, old: String, new: String) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.member("schema", "hopscope.compare/1")
      json.member("old", old)
      json.member("new", new)
      json.member("worse", comparison.isWorse)
      json.member("level", AnalysisComparison.level)
      json.member("tests", comparison.tests)
      json.member("segments", each: comparison.ledgers) { json, change in
        json.object { json in
          json.place(change.place)
          json.member("inside", change.inside)
          json.member("direction", change.direction.word)
          json.member("measure", change.measure.rawValue)
          rate(change.rate, to: &json)
        }
      }
      json.member("delays", each: comparison.delays) { json, change in
        json.object { json in
          json.place(change.place)
          json.member("direction", change.direction?.word)
          json.member("measure", change.measure.rawValue)
          json.member("old_p50_ns", change.oldNS)
          json.member("old_error_ns", change.oldErrorNS)
          json.member("new_p50_ns", change.newNS)
          json.member("new_error_ns", change.newErrorNS)
          json.member("longer", change.isLonger)
          json.member("superiority", change.test?.superiority)
          json.member("change_ns", change.test?.changeNS)
          json.member("p", change.test?.pValue)
          json.member("p_adjusted", change.adjustedP)
          json.member("verdict", change.verdict.rawValue)
        }
      }
      json.member("findings", each: comparison.findings) { json, change in finding(change, to: &json) }
      json.member("only_old", each: comparison.onlyOld) { json, place in json.object { $0.place(place) } }
      json.member("only_new", each: comparison.onlyNew) { json, place in json.object { $0.place(place) } }
    }
    json.endLine()
    return json.bytes
  }

  private static func finding(_ change: FindingChange, to json: inout JSONWriter) {
    json.object { json in
      json.member("kind", change.kind)
      json.member("severity", change.severity.word)
      json.place(change.place)
      json.member("direction", change.direction?.word)
      json.member("title", change.title)
      json.member("presence", change.presence.rawValue)
      json.member("old_packets", change.oldPackets)
      json.member("new_packets", change.newPackets)
      json.member("verdict", change.verdict.rawValue)
      guard let connections = change.connections else { return json.member("connections", Int?.none) }
      json.member("connections") { rate(connections, to: &$0) }
    }
  }

  private static func rate(_ rate: RateChange, to json: inout JSONWriter) {
    for (name, proportion) in [("old" as StaticString, rate.old), ("new", rate.new)] {
      json.member(name) { json in
        json.member("hits", proportion.hits)
        json.member("count", proportion.count)
        json.member("share", proportion.share)
        json.member("interval", proportion.interval.map { [$0.low, $0.high] })
      }
    }
    json.member("difference", rate.test?.difference)
    json.member("difference_interval", rate.test.map { [$0.low, $0.high] })
    json.member("test", rate.test?.method.rawValue)
    json.member("p", rate.test?.pValue)
    json.member("p_adjusted", rate.adjustedP)
    json.member("verdict", rate.verdict.rawValue)
  }
}

extension JSONWriter {
  /// Writes the members `between` and `point`, of which at most one is not `null`.
  fileprivate mutating func place(_ place: Place) {
    if let near = place.near, let far = place.far {
      member("between", [near, far])
      member("point", String?.none)
    } else {
      member("between", [String]?.none)
      member("point", place.near)
    }
  }
}

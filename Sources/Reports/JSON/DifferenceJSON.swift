public import Comparison
public import Verdicts

/// Two points against each other, for programs: one JSON object of the schema `hopscope.diff/1`.
public enum DifferenceJSON {
  /// Renders a difference, made of this report, as UTF-8, ending in a line feed.
  ///
  /// The events are as in the report, with their `number` there and the `side` on which the packet is.
  public static func render(_ difference: PointDifference, of report: AnalysisReport) -> [UInt8] {
    let names = JSONNames(report.points)
    var json = JSONWriter()
    json.object { json in
      json.member("schema", "hopscope.diff/1")
      json.member("between", PointPair(difference.near, difference.far), names)
      json.member("directions", each: difference.directions) { json, direction in
        json.object { json in
          json.member("direction", direction.direction.word)
          json.member("offered", direction.offered)
          json.member("lost", direction.total.lost)
          json.member("lost_bytes", direction.total.lostBytes)
          json.member("not_captured", direction.total.notCaptured)
          json.member("outside_coverage", direction.total.outsideCoverage)
          json.member("undecided", direction.total.undecided)
          json.member("reordered", direction.total.reordered)
          json.member("duplicated", direction.total.duplicated)
          json.member("corrupted", direction.total.corrupted)
          json.member("injected", direction.total.injected)
          json.member("rewritten", direction.total.rewritten)
        }
      }
      json.member("connections_only_near", difference.onlyNear)
      json.member("connections_only_far", difference.onlyFar)
      json.member("rules", each: difference.rules) { json, rule in self.rule(rule, names, to: &json) }
      json.member("exceptions", each: difference.exceptions) { json, exception in
        json.object { json in
          json.member("side", exception.side.rawValue)
          json.member("number", exception.event + 1)
          json.key("event")
          JSONReport.event(report.events[exception.event], names, to: &json)
        }
      }
    }
    json.endLine()
    return json.bytes
  }

  private static func rule(_ rule: FieldRule, _ names: JSONNames, to json: inout JSONWriter) {
    json.object { json in
      json.member("direction", rule.direction.word)
      json.member("field", rule.field)
      json.member("rule", rule.form.word)
      json.member("harmful", rule.harmful)
      json.member("packets", rule.packets)
      json.member("connections", rule.connections)
      json.member("values", each: rule.mappings) { json, mapping in
        json.object { json in
          json.member("before", mapping.before)
          json.member("after", mapping.after)
          json.member("offset", mapping.offset)
          json.member("packets", mapping.packets)
          json.member("connections", mapping.connections)
          json.member("first_upstream", mapping.firstUpstream, names)
          json.member("first_downstream", mapping.firstDownstream, names)
        }
      }
    }
  }
}

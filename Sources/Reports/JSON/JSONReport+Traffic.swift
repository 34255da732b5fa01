import Verdicts

/// The connections, what happened to their packets, and how they were rewritten.
extension JSONReport {
  static func connection(_ connection: ConnectionReport, _ names: JSONNames, to json: inout JSONWriter) {
    json.object { json in
      json.member("id", connection.id)
      json.member("protocol", connection.proto)
      json.member("legs", each: connection.legs) { json, leg in
        json.object { json in
          json.member("point", point: leg.point, names)
          json.member("client", leg.client)
          json.member("server", leg.server)
        }
      }
      json.member("match") { json in
        json.member("confidence", connection.match.confidence)
        json.member("evidence", connection.match.evidence)
        json.member("ambiguous_with", connection.match.ambiguousWith)
      }
      json.member("terminated_between", connection.terminatedBetween, names)
      json.member("start_ns", connection.startNS)
      json.member("end_ns", connection.endNS)
      json.member("bytes") { json in
        json.member("c2s", connection.bytesClientToServer)
        json.member("s2c", connection.bytesServerToClient)
      }
      json.member("events", connection.events)
    }
  }

  static func event(_ event: Event, _ names: JSONNames, to json: inout JSONWriter) {
    json.object { json in
      json.member("kind", event.kind.word)
      json.member("between", event.between, names)
      json.member("point", point: event.point, names)
      json.member("direction", event.direction.word)
      json.member("connection", event.connection)
      json.member("time_ns", event.timeNS)
      json.member("upstream", event.upstream, names)
      json.member("downstream", event.downstream, names)
      json.member("ip_id", event.ipID)
      json.member("seq", event.sequence)
      json.member("length", event.length)
      json.member("flags", event.flagNames)
      json.member("field", event.field)
      json.member("before", event.before)
      json.member("after", event.after)
      json.member("confidence", event.confidence)
      json.member("evidence", event.evidence)
    }
  }

  static func rewrite(_ rule: RewriteRule, _ names: JSONNames, to json: inout JSONWriter) {
    json.object { json in
      json.member("connection", rule.connection)
      names.write(between: rule.between, rule.direction, to: &json)
      json.member("field", rule.field)
      json.key("rule")
      names.write(rule.form, to: &json)
      json.member("value", rule.value)
      json.member("packets", rule.packets)
      json.member("harmful", rule.harmful)
      json.member("first") { json in
        json.member("upstream", rule.firstUpstream, names)
        json.member("downstream", rule.firstDownstream, names)
        json.member("before", rule.before)
        json.member("after", rule.after)
      }
    }
  }
}

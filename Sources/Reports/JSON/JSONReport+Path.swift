import Verdicts

/// The points and what lies between them.
extension JSONReport {
  static func point(_ point: PointReport, at position: Int, to json: inout JSONWriter) {
    json.object { json in
      json.member("name", point.name)
      json.member("position", position)
      json.member("files", point.files)
      json.member("packets", point.packets)
      json.member("link_type", point.linkType)
      json.member("first_ns", point.firstNS)
      json.member("last_ns", point.lastNS)
      json.member("clock") { json in
        json.member("offset_ns", point.clock.offsetNS)
        json.member("drift_ppm", point.clock.driftPPM)
        json.member("error_ns", point.clock.errorNS)
        json.member("steps", each: point.clock.steps) { json, step in
          json.object { json in
            json.member("time_ns", step.timeNS)
            json.member("by_ns", step.byNS)
          }
        }
      }
      json.member("capture") { json in
        json.member("not_captured", point.capture.notCaptured)
        json.member("duplicates", point.capture.duplicates)
        json.member("truncated", point.capture.truncated)
        json.member("kernel_drops", point.capture.kernelDrops)
        json.member("one_way", point.capture.oneWay?.word)
        json.member("offload", point.capture.offload)
      }
    }
  }

  static func segment(_ segment: SegmentReport, _ names: JSONNames, to json: inout JSONWriter) {
    json.object { json in
      json.member("between", segment.between, names)
      json.member("inside", segment.inside)
      for direction in Direction.allCases {
        json.member(direction == .clientToServer ? "c2s" : "s2c") { ledger(segment[direction], to: &$0) }
      }
    }
  }

  /// The members of a ledger, which the page reads by the same names.
  static func ledger(_ ledger: SegmentLedger, to json: inout JSONWriter) {
    json.member("offered", ledger.offered)
    json.member("delivered", ledger.delivered)
    json.member("lost", ledger.lost)
    json.member("lost_bytes", ledger.lostBytes)
    json.member("loss_ratio", ledger.lossRatio)
    json.member("loss_interval", ledger.lossInterval.map { [$0.low, $0.high] })
    json.member("not_captured", ledger.notCaptured)
    json.member("outside_coverage", ledger.outsideCoverage)
    json.member("undecided", ledger.undecided)
    json.member("reordered", ledger.reordered)
    json.member("duplicated", ledger.duplicated)
    json.member("corrupted", ledger.corrupted)
    json.member("injected", ledger.injected)
    json.member("rewritten", ledger.rewritten)
    guard let delay = ledger.delay else { return json.member("delay_ns", Int?.none) }
    json.member("delay_ns") { json in
      json.member("min", delay.minNS)
      json.member("p50", delay.p50NS)
      json.member("p95", delay.p95NS)
      json.member("p99", delay.p99NS)
      json.member("max", delay.maxNS)
      json.member("error", delay.errorNS)
    }
  }
}

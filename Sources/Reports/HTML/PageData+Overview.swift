import Verdicts

/// The verdict, the points, the segments and what was found.
extension PageData {
  func overview(to json: inout JSONWriter) {
    let report = view.report
    let verdict = VerdictSentence.parts(view)
    let tone = !view.findings(.fault).isEmpty ? "fault" : verdict.isGood ? "good" : "warning"
    json.member("start", String(start))
    json.member("utcOffset", view.style.utcOffsetSeconds)
    json.member("zone", TimeText.zone(view))
    json.member("verdict") { json in
      json.member("sentence", verdict.sentence)
      json.member("tone", tone)
      json.member("cautions", verdict.cautions)
      json.member("scope", verdict.scope)
    }
    json.member("order") { json in
      json.member("source", report.order.source.word)
      json.member("confidence", report.order.confidence)
      json.member("reference", report.order.referenceClock)
      json.member("evidence", report.order.evidence)
    }
    json.member("points", each: report.points) { json, item in point(item, to: &json) }
    json.member("segments", each: report.segments) { json, segment in
      json.object { json in
        json.member("near", segment.between.near)
        json.member("far", segment.between.far)
        json.member("inside", segment.inside)
        json.member("ways", each: Direction.allCases) { json, direction in
          json.object { JSONReport.ledger(segment[direction], to: &$0) }
        }
      }
    }
    json.member("remarks", report.remarks)
  }

  private func point(_ point: PointReport, to json: inout JSONWriter) {
    json.object { json in
      json.member("name", point.name)
      json.member("files", point.files)
      json.member("packets", point.packets)
      json.member("link", point.linkType)
      json.member("first", point.firstNS.map(since))
      json.member("last", point.lastNS.map(since))
      json.member("offset", point.clock.offsetNS)
      json.member("error", point.clock.errorNS)
      json.member("drift", point.clock.driftPPM)
      json.member("steps", each: point.clock.steps) { json, step in
        [since(step.timeNS), step.byNS].write(to: &json)
      }
      json.member("missed", point.capture.notCaptured)
      json.member("duplicates", point.capture.duplicates)
      json.member("truncated", point.capture.truncated)
      json.member("kernelDrops", point.capture.kernelDrops)
      json.member("oneWay", point.capture.oneWay.map { Int($0.rawValue) })
      json.member("offload", point.capture.offload)
    }
  }

  func finding(_ finding: Finding, to json: inout JSONWriter) {
    json.object { json in
      json.member("kind", finding.kind)
      json.member("severity", finding.severity.word)
      json.member("between", finding.between.map { [$0.near, $0.far] })
      json.member("point", finding.point)
      json.member("direction", finding.direction.map { Int($0.rawValue) })
      json.member("title", finding.title)
      json.member("explanation", finding.explanation)
      json.member("confidence", finding.confidence)
      json.member("connections", Array(finding.connections.prefix(200)))
      json.member("connectionsInAll", finding.connections.count)
      json.member("packets", finding.packets)
      json.member("evidence", each: finding.evidence) { json, evidence in
        json.object { json in
          json.member("point", evidence.frame.point)
          json.member("file", view.names.file(of: evidence.frame))
          json.member("frame", evidence.frame.frame)
          json.member("says", evidence.says)
        }
      }
      json.member("filters", each: FrameFilter.all(of: finding, view.names)) { json, filter in
        [filter.file, filter.filter].write(to: &json)
      }
      json.member("confirm", finding.confirm)
    }
  }

  func timeline(to json: inout JSONWriter) {
    guard let timeline = detail.timeline else { return json.member("timeline", Int?.none) }
    let start = since(timeline.startNS)
    json.member("timeline") { json in
      json.member("start", start)
      json.member("slice", timeline.sliceNS)
      json.member("slices", timeline.slices)
      json.member("tracks", each: timeline.tracks) { json, track in
        json.object { json in
          json.member("near", track.between.near)
          json.member("far", track.between.far)
          json.member("direction", Int(track.direction.rawValue))
          json.member("packets", track.packets)
          // A kind that never happened is an empty list.
          json.member("events", each: Event.Kind.allCases) { json, kind in
            (track[kind].contains { $0 > 0 } ? track[kind] : []).write(to: &json)
          }
        }
      }
    }
  }

  func histogram(_ histogram: DelayHistogram, to json: inout JSONWriter) {
    json.object { json in
      json.member("near", histogram.between.near)
      json.member("far", histogram.between.far)
      json.member("direction", Int(histogram.direction.rawValue))
      json.member("low", histogram.lowNS)
      json.member("width", histogram.widthNS)
      json.member("counts", histogram.counts)
      json.member("longer", histogram.longer)
      json.member("sampled", histogram.sampled)
    }
  }
}

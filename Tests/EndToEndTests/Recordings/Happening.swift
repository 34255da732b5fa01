import Verdicts

/// One thing that happened to one packet, in terms that the truth and a report share.
struct Happening: Hashable, CustomStringConvertible {
  var kind: String
  /// The two points, or the one point.
  var place: [String]
  /// What names the packet: a frame, or its header fields.
  var packet: String

  var description: String { "\(kind) \(place.joined(separator: "…")) \(packet)" }
}

extension RecordedTruth {
  /// What an analysis of all points can name.
  var happenings: Set<Happening> { Set(events.compactMap(Self.happening)) }

  private static func happening(_ event: Event) -> Happening? {
    let between = event.between ?? []
    func at(_ frame: Frame?) -> String? {
      frame.flatMap { frame in frame.frame.map { "frame \($0) at \(frame.point)" } }
    }
    switch event.kind {
    case "drop": return at(event.upstream).map { Happening(kind: "drop", place: between, packet: $0) }
    case "delay" where event.overtakenBy ?? 0 > 0:
      return at(event.downstream).map { Happening(kind: "reorder", place: between, packet: $0) }
    case "rewrite" where event.field == "payload" && event.checksumMended != true:
      return at(event.upstream).map { Happening(kind: "corrupt", place: between, packet: $0) }
    case "not-captured":
      return Happening(kind: event.kind, place: [event.place], packet: fields(event.ipID, event.seq, event.len))
    case "duplicate", "inject":
      return Happening(kind: event.kind, place: between, packet: fields(event.ipID, event.seq, nil))
    default: return nil
    }
  }

  static func fields(_ ipID: Int?, _ seq: UInt32?, _ length: Int?) -> String {
    "ip.id \(ipID ?? 0) seq \(seq.map(String.init) ?? "none") length \(length.map(String.init) ?? "any")"
  }
}

extension Said {
  /// What the report says happened, but for rewrites.
  var happenings: Set<Happening> { Set(events.compactMap(happening)) }

  private func happening(_ event: Event) -> Happening? {
    let between = names(event.between)
    func at(_ frame: FrameReference?) -> String? { frame.map { "frame \($0.frame) at \(path[$0.point])" } }
    let ipID = event.ipID.map(Int.init)
    switch event.kind {
    case .drop: return at(event.upstream).map { Happening(kind: "drop", place: between, packet: $0) }
    case .reorder: return at(event.downstream).map { Happening(kind: "reorder", place: between, packet: $0) }
    case .corrupt: return at(event.upstream).map { Happening(kind: "corrupt", place: between, packet: $0) }
    case .notCaptured:
      let fields = RecordedTruth.fields(ipID, event.sequence, Int(event.length))
      return event.point.map { Happening(kind: "not-captured", place: [path[$0]], packet: fields) }
    case .duplicate, .inject:
      let fields = RecordedTruth.fields(ipID, event.sequence, nil)
      return Happening(kind: event.kind.word, place: between, packet: fields)
    case .rewrite: return nil
    }
  }
}

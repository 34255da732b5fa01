import Packets
import StreamAnalysis

/// `hopscope flags --format json`: one object for the capture, one line for each frame.
struct FlagJSON {
  private let path: String
  private let endpoints: [StreamEndpoints]
  private let counts: Counts

  private struct Counts {
    let frames: Int
    let segments: Int
    let streams: Int
    let malformed: Int
    let fragments: Int
  }

  init(path: String, reading: borrowing FlagsReading) {
    self.path = path
    endpoints = reading.endpoints
    counts = Counts(
      frames: reading.frames, segments: reading.segments, streams: reading.streams, malformed: reading.malformed,
      fragments: reading.fragments)
  }

  func write(_ rows: [FlagRow], to output: inout OutputBuffer) {
    output.append("{\n  \"schema\": \"hopscope.flags/1\",\n  \"file\": ")
    output.append(string: Self.quoted(path))
    for (key, value) in [
      ("packets" as StaticString, counts.frames), ("tcp_frames", counts.segments), ("streams", counts.streams),
      ("malformed", counts.malformed), ("tcp_fragments", counts.fragments),
    ] {
      output.append(",\n  \"")
      output.append(key)
      output.append("\": ")
      output.append(value)
    }
    output.append(",\n  \"frames\": [")
    for (index, row) in rows.enumerated() {
      output.append(index == 0 ? "\n    " : "    ")
      write(row, to: &output)
      if index < rows.count - 1 { output.append("," as Unicode.Scalar) }
      output.endLine()
    }
    output.append(rows.isEmpty ? "]\n}" : "  ]\n}")
    output.endLine()
  }

  private func write(_ row: FlagRow, to output: inout OutputBuffer) {
    let analysis = row.analysis
    output.append("{\"frame\": ")
    output.append(row.frame)
    output.append(", \"time_ns\": ")
    output.append(row.timeNS)
    output.append(", \"stream\": ")
    output.append(row.stream)
    output.append(", \"source\": \"")
    let ends = row.ends(endpoints)
    output.append(ends.source)
    output.append("\", \"destination\": \"")
    output.append(ends.destination)
    output.append("\", \"flags\": [")
    let start = output.count
    for (flag, name) in AnalysisFlags.named where analysis.flags.contains(flag) { item(name, from: start, &output) }
    output.append("]" as Unicode.Scalar)
    member("duplicate_ack_number", analysis.duplicateAckNumber, if: analysis.flags.contains(.duplicateAck), &output)
    member("duplicate_ack_frame", analysis.duplicateAckFrame, if: analysis.duplicateAckFrame != 0, &output)
    member("initial_rtt_ns", analysis.initialRoundTripNS ?? 0, if: analysis.initialRoundTripNS != nil, &output)
    member("bytes_in_flight", analysis.bytesInFlight ?? 0, if: analysis.bytesInFlight != nil, &output)
    member("since_previous_ns", analysis.sincePreviousNS, if: true, &output)
    member("acked_frame", analysis.ackedFrame, if: analysis.ackedFrame != 0, &output)
    member("ack_rtt_ns", analysis.ackRoundTripNS, if: analysis.ackedFrame != 0, &output)
    member("repeated_frame", analysis.repeatedFrame, if: analysis.repeatedFrame != 0, &output)
    member("since_repeated_ns", analysis.sinceRepeatedNS, if: analysis.repeatedFrame != 0, &output)
    output.append(", \"cause\": ")
    if let cause = row.cause {
      let hundredths = UInt((cause.confidence * 100).rounded())
      output.append("{\"kind\": \"")
      output.append(cause.kind.name)
      output.append("\", \"confidence\": ")
      output.append(hundredths / 100)
      output.append("." as Unicode.Scalar)
      output.append(hundredths % 100, width: 2, fill: "0")
      output.append(", \"evidence\": [")
      let start = output.count
      for (piece, name, _) in Cause.Evidence.all where cause.evidence.contains(piece) {
        item(name, from: start, &output)
      }
      output.append("]}")
    } else {
      output.append("null")
    }
    output.append("}" as Unicode.Scalar)
  }

  /// A word of a list that began at `start`.
  private func item(_ word: StaticString, from start: Int, _ output: inout OutputBuffer) {
    output.append(output.count > start ? ", \"" : "\"")
    output.append(word)
    output.append("\"" as Unicode.Scalar)
  }

  /// A number, or null where there is none.
  private func member(
    _ key: StaticString, _ value: some BinaryInteger, if isKnown: Bool, _ output: inout OutputBuffer
  ) {
    output.append(", \"")
    output.append(key)
    output.append("\": ")
    if isKnown { output.append(value) } else { output.append("null") }
  }

  /// A JSON string (RFC 8259, 7).
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

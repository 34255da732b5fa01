import Captures
import Packets
import StreamAnalysis

/// One capture from its frames to its flags.
struct FlagsRun {
  let path: String
  let format: FlagsFormat
  let showsAll: Bool

  /// Reads, analyses, writes; what was skipped is said on standard error.
  func run() throws(Failure) {
    var reading = try FlagsReading(path: path)
    switch format {
    case .tsv: try writeLines(&reading)
    case .json, .text: try writeRows(&reading)
    }
    for remark in reading.remarks { StandardStreams.warn(remark.sentence) }
  }

  /// Nothing is kept: a line is written as its frame is read.
  private func writeLines(_ reading: inout FlagsReading) throws(Failure) {
    var output = OutputBuffer()
    let lines = FlagLines()
    lines.writeHeader(to: &output)
    reading.read { packet, said in
      if !said.analysis.flags.isEmpty { lines.write(frame: packet.record.frame, said, to: &output) }
    }
    try output.finish()
  }

  /// Rows wait for the end of the capture, which decides the causes.
  private func writeRows(_ reading: inout FlagsReading) throws(Failure) {
    var rows: [FlagRow] = []
    var causes = CauseAnalyser()
    let showsAll = showsAll
    reading.read { packet, said in
      let isTold = causes.add(packet.record, said)
      if isTold || showsAll || !said.analysis.flags.isEmpty { rows.append(FlagRow(packet, said)) }
    }
    FlagRow.add(causes.finish(), to: &rows)
    var output = OutputBuffer()
    if format == .json {
      FlagJSON(path: path, reading: reading).write(rows, to: &output)
    } else {
      FlagText(path: path, reading: reading).write(rows, to: &output)
    }
    try output.finish()
  }
}

/// What a row says of one frame.
struct FlagRow {
  let record: PacketRecord
  let source: Endpoint
  let destination: Endpoint
  let stream: UInt32
  let analysis: SegmentAnalysis
  var cause: Cause?

  init(_ packet: borrowing DecodedPacket, _ said: StreamAnalyser.Said) {
    record = packet.record
    let isQuoted = packet.record.marks.contains(.icmpError)
    source = isQuoted ? packet.quotedSource : packet.source
    destination = isQuoted ? packet.quotedDestination : packet.destination
    stream = said.stream
    analysis = said.analysis
  }

  /// Gives each row the cause of its frame; both are in the order of frames.
  static func add(_ causes: [FrameCause], to rows: inout [FlagRow]) {
    var index = 0
    for found in causes {
      while index < rows.count, rows[index].record.frame < found.frame { index += 1 }
      // A frame that repeats and opens a gap keeps the surer cause.
      if index < rows.count, rows[index].record.frame == found.frame,
        found.cause.confidence > rows[index].cause?.confidence ?? -1
      {
        rows[index].cause = found.cause
      }
    }
  }
}

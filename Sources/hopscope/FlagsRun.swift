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
    reading.read { record, said in
      if !said.analysis.flags.isEmpty { lines.write(frame: record.frame, said, to: &output) }
    }
    try output.finish()
  }

  /// Rows wait for the end of the capture, which decides the causes.
  private func writeRows(_ reading: inout FlagsReading) throws(Failure) {
    var rows: [FlagRow] = []
    var causes = CauseAnalyser()
    let showsAll = showsAll
    reading.read { record, said in
      let isTold = causes.add(record, said)
      if isTold || showsAll || !said.analysis.flags.isEmpty { rows.append(FlagRow(record, said)) }
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
  let frame: UInt32
  let timeNS: Int64
  let stream: UInt32
  /// Whether the lower of the stream's endpoints sent it.
  let fromLow: Bool
  /// Whether the frame is an ICMP error that quotes it.
  let isQuoted: Bool
  let analysis: SegmentAnalysis
  var cause: Cause?

  init(_ record: PacketRecord, _ said: StreamAnalyser.Said) {
    frame = record.frame
    timeNS = record.timeNS
    stream = said.stream
    fromLow = said.fromLow
    isQuoted = record.marks.contains(.icmpError)
    analysis = said.analysis
  }

  /// Who sent it to whom; of one quoted in an ICMP error, who had sent that.
  func ends(_ endpoints: [StreamEndpoints]) -> (source: Endpoint, destination: Endpoint) {
    let ends = endpoints[Int(stream)]
    return fromLow ? (ends.low, ends.high) : (ends.high, ends.low)
  }

  /// Gives each row the cause of its frame; both are in the order of frames.
  static func add(_ causes: [FrameCause], to rows: inout [FlagRow]) {
    var index = 0
    for found in causes {
      while index < rows.count, rows[index].frame < found.frame { index += 1 }
      // A frame that repeats and opens a gap keeps the surer cause.
      if index < rows.count, rows[index].frame == found.frame,
        found.cause.confidence > rows[index].cause?.confidence ?? -1
      {
        rows[index].cause = found.cause
      }
    }
  }
}

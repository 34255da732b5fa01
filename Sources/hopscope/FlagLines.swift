import Packets
import StreamAnalysis

/// `hopscope flags --format tsv`: frame, stream and flags, as `tshark -T fields` would list them.
struct FlagLines {
  private let named = AnalysisFlags.named

  func writeHeader(to output: inout OutputBuffer) {
    output.append("frame.number\ttcp.stream\tflags")
    output.endLine()
  }

  func write(frame: UInt32, _ said: StreamAnalyser.Said, to output: inout OutputBuffer) {
    output.append(frame)
    output.append("\t" as Unicode.Scalar)
    output.append(said.stream)
    var separator: Unicode.Scalar = "\t"
    for (flag, name) in named where said.analysis.flags.contains(flag) {
      output.append(separator)
      output.append(name)
      separator = ","
    }
    output.endLine()
  }
}

import Exports
import Reports
import Verdicts

/// The evidence of one finding as a folder: the frames, and what they show.
struct EvidenceBundle {
  static let captureName = "evidence.pcapng"

  private let report: AnalysisReport
  private let number: Int
  private let absences: [CaptureWhereabouts.Absence]
  private let utcOffsetSeconds: Int

  /// The bundle of the finding of this number, from 1, which the report must have.
  init(
    _ report: AnalysisReport, finding number: Int, absences: [CaptureWhereabouts.Absence], utcOffsetSeconds: Int
  ) {
    self.report = report
    self.number = number
    self.absences = absences
    self.utcOffsetSeconds = utcOffsetSeconds
  }

  /// Writes both files; gives the number of frames.
  func write(_ export: CaptureExport, into folder: OutputFiles) throws -> Int {
    let summary = try export.write(.finding(number), to: folder.folder + "/" + Self.captureName)
    try folder.write(Array(words(summary).utf8), to: "README.txt")
    return summary.frames
  }

  private func words(_ summary: CaptureExport.Summary) -> String {
    let finding = report.findings[number - 1]
    let style = TextStyle(utcOffsetSeconds: utcOffsetSeconds)
    let text = ShowText.render(.finding(number), of: report, style: style) ?? []
    return """
      \(String(decoding: text, as: UTF8.self))
      FILES
        \(Self.captureName): \(summary.frames) frames of \(report.points.count) points, merged by the reference clock;
        each point is an interface, and each frame has a comment that says why it is here.

      DISPLAY FILTERS
        every frame that is explained        frame.comment
        what one point saw                   frame.interface_name == "\(report.points.first?.name ?? "")"
      \(filters(of: finding))
      FRAMES
        here  point, frame and file there
      \(frames(summary))\(missing)
      """
  }

  /// One filter for the addresses of each connection, at the end of the path where they were first seen.
  private func filters(of finding: Finding) -> String {
    let connections = report.connections.filter { finding.connections.contains($0.id) }
    return connections.prefix(10).map { connection in
      let legs = connection.legs.map { leg in
        DisplayFilter.conversation(proto: connection.proto, client: leg.client, server: leg.server)
      }
      let distinct = legs.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      return "  connection #\(connection.id)\n    \(distinct.joined(separator: "\n    || "))\n"
    }.joined()
  }

  private func frames(_ summary: CaptureExport.Summary) -> String {
    summary.numbers.sorted { $0.value < $1.value }.map { frame, number in
      let point = report.points[frame.point]
      let here = String(number)
      let padding = String(repeating: " ", count: max(0, 6 - here.count))
      return "\(padding)\(here)  \(point.name) \(frame.frame) of \(point.files[frame.file])\n"
    }.joined()
  }

  private var missing: String {
    guard !absences.isEmpty else { return "" }
    return "\nMISSING\n" + absences.map { "  \($0.sentence)\n" }.joined()
  }
}

/// Wireshark's display filters.
enum DisplayFilter {
  /// The packets between two endpoints, such as `10.1.0.10:36963` or `[2001:db8::1]:443`.
  static func conversation(proto: String, client: String, server: String) -> String {
    let one = split(client)
    let other = split(server)
    let family = one.address.contains(":") ? "ipv6" : "ip"
    var terms = ["\(family).addr == \(one.address)", "\(family).addr == \(other.address)"]
    if proto == "tcp" || proto == "udp" {
      terms += [one.port, other.port].compactMap { $0 }.map { "\(proto).port == \($0)" }
    } else if proto == "icmp" {
      terms.append(family == "ip" ? "icmp" : "icmpv6")
    }
    return "(" + terms.joined(separator: " && ") + ")"
  }

  private static func split(_ endpoint: String) -> (address: String, port: String?) {
    if endpoint.hasPrefix("["), let end = endpoint.lastIndex(of: "]") {
      let address = endpoint[endpoint.index(after: endpoint.startIndex)..<end]
      return (String(address), endpoint[end...].split(separator: ":").last.map(String.init))
    }
    let parts = endpoint.split(separator: ":", maxSplits: 1)
    return (parts.first.map(String.init) ?? endpoint, parts.count > 1 ? String(parts[1]) : nil)
  }
}

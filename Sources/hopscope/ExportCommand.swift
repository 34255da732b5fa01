import ArgumentParser
import Exports
import Verdicts

/// `hopscope export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes the frames of all points into one pcapng file for Wireshark, with the verdicts as comments.",
    usage: """
      hopscope export --pcapng OUT.pcapng FILE.db [--connection NUMBER | --finding NUMBER]
      hopscope export --finding NUMBER -o DIR FILE.db
      """,
    discussion: """
      The frames are merged by time on the reference clock; each point is an interface. A frame that an event or a \
      finding names has a comment that says so: filter for `frame.comment`. With -o the evidence of one finding is \
      written into a folder: its frames, the display filters, and the words.

      The captures are looked for where they were, and read only if they are what was analysed.

      Examples:
        hopscope export --pcapng connection3.pcapng --connection 3 analysis.db
        hopscope export --finding 1 -o evidence analysis.db
      """)

  @Argument(help: ArgumentHelp("A file that `analyze --db` has written.", valueName: "FILE.db"))
  var database: String

  @Option(help: ArgumentHelp("Write the frames to this file.", valueName: "OUT.pcapng"))
  var pcapng: String?

  @Option(help: ArgumentHelp("Only the frames of this connection.", valueName: "NUMBER"))
  var connection: Int?

  @Option(help: ArgumentHelp("Only the frames that show this finding.", valueName: "NUMBER"))
  var finding: Int?

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("Write the evidence of the finding into DIR.", valueName: "DIR"))
  var outputFolder: String?

  @Option(help: ArgumentHelp("The folder that the captures were moved to.", valueName: "DIR"))
  var captures: String?

  @Option(help: ArgumentHelp("Times of day by UTC or by the local time zone.", valueName: TimeChoice.usage))
  var time: TimeChoice = .utc

  func run() throws {
    try check()
    let reading = try ArchiveReading(database)
    let selection = try selection(in: reading.report)
    let whereabouts = CaptureWhereabouts(reading, folder: captures)
    for absence in whereabouts.absences { StandardStreams.warn(absence.sentence) }

    let export = CaptureExport(reading.report, files: whereabouts.files)
    var written = 0
    do {
      if let pcapng { written = try export.write(selection, to: pcapng).frames }
      if let outputFolder, let finding {
        let bundle = EvidenceBundle(
          reading.report, finding: finding, absences: whereabouts.absences,
          utcOffsetSeconds: time.offset(for: reading.report))
        written = try bundle.write(export, into: try OutputFiles(folder: outputFolder))
      }
    } catch let error as ExportError {
      throw Failure.export(error)
    }
    StandardStreams.writeError("\(written) \(written == 1 ? "frame" : "frames") written\n")
    if !whereabouts.absences.isEmpty { throw ExitStatus.unreadable.exitCode }
  }

  private func check() throws(Failure) {
    if pcapng == nil && outputFolder == nil { throw .usage(.exportNeedsTarget) }
    if outputFolder != nil && finding == nil { throw .usage(.bundleNeedsFinding) }
    if connection != nil && finding != nil { throw .usage(.connectionOrFinding) }
  }

  private func selection(in report: AnalysisReport) throws(Failure) -> CaptureExport.Selection {
    if let connection {
      guard report.connections.contains(where: { $0.id == connection }) else {
        throw .usage(.notThere(what: "connection", number: connection, path: database))
      }
      return .connection(connection)
    }
    guard let finding else { return .everything }
    guard report.findings.indices.contains(finding - 1) else {
      throw .usage(.notThere(what: "finding", number: finding, path: database))
    }
    return .finding(finding)
  }
}

import Archive
import Files
import Findings
import Masking
import Reports
import Verdicts

/// One analysis from the captures to the reports.
struct AnalyzeRun {
  let options: AnalyzeOptions

  /// Reads, analyses, reports; says how it went.
  func run() async throws -> ExitStatus {
    let outputs = try options.outputFolder.map { folder throws(Failure) in try OutputFiles(folder: folder) }
    guard let (report, detail, isWhole) = try await analyse() else { return .unreadable }
    if let outputs { try write(report, detail, into: outputs) }
    if let database = options.database { try keep(report, in: database) }
    try StandardStreams.writeOutput(output(report, detail))
    return status(report, isWhole: isWhole)
  }

  /// Reads and analyses; `nil` if nothing can be read, else the report, what its pictures are drawn from, and whether
  /// every input is in it.
  func analyse() async throws -> (report: AnalysisReport, detail: AnalysisDetail, isWhole: Bool)? {
    let survey = try InputSurvey(options)
    for error in survey.unreadable { StandardStreams.complain(error.sentence) }
    guard !survey.points.isEmpty else { return nil }

    let points = await readPoints(survey)
    if options.verbose { for point in points { StandardStreams.writeError(point.summary + "\n") } }
    let warnings = options.inputs.remarks + points.flatMap(\.remarks) + (points.count == 1 ? [.onePoint] : [])
    for warning in warnings { StandardStreams.warn(warning.sentence) }

    let remarks = survey.unreadable.map(Remark.unreadable) + warnings
    let (report, detail) = analyse(points, remarks: remarks.map(\.sentence))
    let masked = options.maskingKey.map { report.masked(key: $0) } ?? report
    return (masked, detail, !remarks.contains(where: \.isUnreadable))
  }

  /// The report, with its pictures only where somebody asked for a page: they take time of their own.
  private func analyse(_ points: [PointReading], remarks: [String]) -> (AnalysisReport, AnalysisDetail) {
    let (traffic, sources) = (points.map(\.traffic), points.map(\.source))
    let (order, threads) = (givenOrder(of: points), options.threads)
    guard options.format == .html || options.outputFolder != nil else {
      let report = Analysis.analyse(
        traffic, sources: sources, givenOrder: order, threads: threads, remarks: remarks)
      return (report, .none)
    }
    return Analysis.analyseInDetail(
      traffic, sources: sources, givenOrder: order, threads: threads, remarks: remarks)
  }

  /// Every report there is.
  private func write(_ report: AnalysisReport, _ detail: AnalysisDetail, into outputs: OutputFiles) throws(Failure) {
    try outputs.write(text(report, colour: false), to: "report.txt")
    try outputs.write(JSONReport.render(report), to: "report.json")
    try outputs.write(HTMLReport.render(report, detail: detail), to: "report.html")
    try outputs.write(MarkdownReport.render(report), to: "report.md")
    try outputs.write(JSONLinesReport.events(report), to: "events.jsonl")
    try outputs.write(CSVReport.segments(report), to: "segments.csv")
    try outputs.write(CSVReport.connections(report), to: "connections.csv")
    try outputs.write(CSVReport.events(report), to: "events.csv")
    try outputs.write(CSVReport.addresses(report), to: "nat.csv")
  }

  /// What goes to standard output.
  private func output(_ report: AnalysisReport, _ detail: AnalysisDetail) -> [UInt8] {
    switch options.format {
    case .text: text(report, colour: options.color)
    case .json: JSONReport.render(report)
    case .html: HTMLReport.render(report, detail: detail)
    case .markdown: MarkdownReport.render(report)
    case .csv: CSVReport.events(report)
    case .jsonl: JSONLinesReport.events(report)
    }
  }

  /// A part that could not be read outweighs a condition: a script must not take the rest for the whole.
  private func status(_ report: AnalysisReport, isWhole: Bool) -> ExitStatus {
    let reasons = options.failOn.compactMap { $0.reason(in: report) }
    for reason in reasons { StandardStreams.complain("--fail-on holds: \(reason)") }
    if !isWhole { return .unreadable }
    return reasons.isEmpty ? .analysed : .conditionHolds
  }

  /// Keeps the report with what its captures are known by, unless they are to stay unknown.
  private func keep(_ report: AnalysisReport, in database: String) throws(Failure) {
    let isMasked = options.maskingKey != nil
    let stamps = isMasked ? [] : report.points.map { $0.files.map { try? FileStamp(of: $0) } }
    do throws(ArchiveError) {
      try AnalysisArchive.write(report, stamps: stamps, to: database)
    } catch {
      throw .archive(error)
    }
  }

  private func text(_ report: AnalysisReport, colour: Bool) -> [UInt8] {
    let style = TextStyle(width: options.width, colour: colour, utcOffsetSeconds: options.time.offset(for: report))
    return TextReport.render(report, style: style)
  }

  /// The given order as indices of the points that could be read.
  private func givenOrder(of points: [PointReading]) -> [Int]? {
    options.order.map { order in order.compactMap { name in points.firstIndex { $0.source.name == name } } }
  }

  /// Reads the points side by side, no more than `--threads` at a time; the result is in the order of the points.
  private func readPoints(_ survey: InputSurvey) async -> [PointReading] {
    let progress = Progress(total: survey.totalBytes, isShown: options.showsProgress)
    defer { progress.finish() }
    let options = options
    let memoryBudget = options.memory / max(1, survey.points.count)
    return await withTaskGroup(of: (Int, PointReading).self) { group in
      var waiting = survey.points.enumerated().makeIterator()
      func startNext() {
        guard let (index, point) = waiting.next() else { return }
        group.addTask {
          let reading = PointReading(
            point, box: options.boxes[point.name], filter: options.filter, memoryBudget: memoryBudget,
            progress: progress)
          return (index, reading)
        }
      }
      for _ in 0..<options.threads { startNext() }
      var readings: [(Int, PointReading)] = []
      for await reading in group {
        readings.append(reading)
        startNext()
      }
      return readings.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}

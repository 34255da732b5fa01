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
    guard let (report, isWhole) = try await analyse() else { return .unreadable }
    try outputs?.write(text(report, colour: false), to: "report.txt")
    try outputs?.write(JSONReport.render(report), to: "report.json")
    if let database = options.database { try keep(report, in: database) }
    try StandardStreams.writeOutput(
      options.format == .json ? JSONReport.render(report) : text(report, colour: options.color))
    return isWhole ? .analysed : .unreadable
  }

  /// Reads and analyses; `nil` if nothing can be read, else the report and whether every input is in it.
  func analyse() async throws -> (report: AnalysisReport, isWhole: Bool)? {
    let survey = try InputSurvey(options)
    for error in survey.unreadable { StandardStreams.complain(error.sentence) }
    guard !survey.points.isEmpty else { return nil }

    let points = await readPoints(survey)
    if options.verbose { for point in points { StandardStreams.writeError(point.summary + "\n") } }
    let warnings = options.inputs.remarks + points.flatMap(\.remarks) + (points.count == 1 ? [.onePoint] : [])
    for warning in warnings { StandardStreams.warn(warning.sentence) }

    let remarks = survey.unreadable.map(Remark.unreadable) + warnings
    let report = Analysis.analyse(
      points.map(\.traffic), sources: points.map(\.source), givenOrder: givenOrder(of: points),
      threads: options.threads, remarks: remarks.map(\.sentence))
    return (options.maskingKey.map { report.masked(key: $0) } ?? report, !remarks.contains(where: \.isUnreadable))
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

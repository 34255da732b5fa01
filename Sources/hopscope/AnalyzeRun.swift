/// One analysis from the captures to the reports.
struct AnalyzeRun {
  let options: AnalyzeOptions

  /// Reads, analyses, reports; says how it went.
  func run() async throws -> ExitStatus {
    let outputs = try options.outputFolder.map { folder throws(Failure) in try OutputFiles(folder: folder) }
    let survey = try InputSurvey(options)
    for error in survey.unreadable { StandardStreams.complain(error.sentence) }
    guard !survey.points.isEmpty else { return .unreadable }

    let points = await readPoints(survey)
    if options.verbose { for point in points { StandardStreams.writeError(point.summary + "\n") } }
    let warnings = options.inputs.remarks + points.flatMap(\.remarks) + (points.count == 1 ? [.onePoint] : [])
    for warning in warnings { StandardStreams.warn(warning.sentence) }

    let remarks = survey.unreadable.map(Remark.unreadable) + warnings
    let report = try PlumbingReport(points: points, order: options.order, remarks: remarks.map(\.sentence))
    try outputs?.write(report.text, to: "report.txt")
    try outputs?.write(report.json, to: "report.json")
    try StandardStreams.writeOutput(options.format == .json ? report.json : report.text)
    return remarks.contains(where: \.isUnreadable) ? .unreadable : .analysed
  }

  /// Reads the points side by side, no more than `--threads` at a time; the result is in the order of the points.
  private func readPoints(_ survey: InputSurvey) async -> [PointReading] {
    let progress = Progress(total: survey.totalBytes, isShown: options.showsProgress)
    defer { progress.finish() }
    let filter = options.filter
    return await withTaskGroup(of: (Int, PointReading).self) { group in
      var waiting = survey.points.enumerated().makeIterator()
      func startNext() {
        guard let (index, point) = waiting.next() else { return }
        group.addTask { (index, PointReading(point, filter: filter, progress: progress)) }
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

/// Counts the packets of one point.
struct PointCounter: Sendable {
  var packets = 0
  var firstNS: Int64?
  var lastNS: Int64?

  mutating func add(timeNS: Int64, wireLength: Int, bytes: RawSpan, linkType: Int32) {
    packets += 1
    firstNS = min(firstNS ?? timeNS, timeNS)
    lastNS = max(lastNS ?? timeNS, timeNS)
  }
}

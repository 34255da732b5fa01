import Archive
import Files
import Findings
import Flows
import Masking
import Reports
import Verdicts

/// One analysis from the captures to the reports.
struct AnalyzeRun {
  let options: AnalyzeOptions

  /// What an analysis says: the report, and what was asked for beside it.
  struct Said {
    var report: AnalysisReport
    var detail = AnalysisDetail.none
    var words: FlagWords?
  }

  /// Reads, analyses, reports; says how it went.
  func run() async throws -> ExitStatus {
    let outputs = try options.outputFolder.map { folder throws(Failure) in try OutputFiles(folder: folder) }
    guard let (said, isWhole) = try await analyse() else { return .unreadable }
    if let outputs { try write(said, into: outputs) }
    if let database = options.database { try keep(said, in: database) }
    try writeOutput(said)
    return status(said.report, isWhole: isWhole)
  }

  /// Reads and analyses; `nil` if nothing can be read, else what is said, and whether every input is in it.
  func analyse() async throws -> (said: Said, isWhole: Bool)? {
    let survey = try InputSurvey(options)
    for error in survey.unreadable { StandardStreams.complain(error.sentence) }
    guard !survey.points.isEmpty else { return nil }

    let points = await readPoints(survey)
    for point in points {
      if let failure = point.traffic.records.failure { throw Failure.store(point: point.source.name, failure) }
      if let loss = point.loss { throw loss }
    }
    if options.verbose {
      for point in points { StandardStreams.writeError(TerminalText.harmless(point.summary) + "\n") }
    }
    var found = options.inputs.remarks
    // What is wrong with a capture of several interfaces is said once.
    for remark in points.flatMap(\.remarks) where !found.contains(remark) { found.append(remark) }
    if points.count == 1 { found.append(.onePoint) }
    for remark in found where remark.isWarning || !options.format.holdsRemarks {
      StandardStreams.warn(remark.sentence)
    }

    let remarks = survey.unreadable.map(Remark.unreadable) + found
    var said = analyse(points, remarks: remarks.map(\.sentence))
    if let key = options.maskingKey { said.report = said.report.masked(key: key) }
    if asksOftenForConnections { said.report.connections.hold() }
    return (said, !remarks.contains(where: \.isUnreadable))
  }

  /// The report, with what pictures and the archive need beside it, and Wireshark's words, only where somebody asked
  /// for them: they take time of their own.
  private func analyse(_ points: [PointReading], remarks: [String]) -> Said {
    let (traffic, sources) = (points.map(\.traffic), points.map(\.source))
    let (order, threads) = (givenOrder(of: points), options.threads)
    if options.judgesWireshark {
      let (report, detail, words) = Analysis.analyseWords(
        traffic, sources: sources, givenOrder: order, threads: threads, remarks: remarks, detail: budget)
      return Said(report: report, detail: detail, words: words)
    }
    guard let budget else {
      return Said(
        report: Analysis.analyse(traffic, sources: sources, givenOrder: order, threads: threads, remarks: remarks))
    }
    let (report, detail) = Analysis.analyseInDetail(
      traffic, sources: sources, givenOrder: order, threads: threads, remarks: remarks, budget: budget)
    return Said(report: report, detail: detail)
  }

  /// Whether connections are read more than once: JSON names each of them once, lists of events none.
  private var asksOftenForConnections: Bool {
    switch options.format {
    case .json, .csv, .jsonl: options.outputFolder != nil || options.database != nil
    case .text, .html, .markdown: true
    }
  }

  /// How much of single packets is wanted.
  private var budget: DetailBudget? {
    if options.format == .html || options.outputFolder != nil { return .page }
    return options.database == nil ? nil : .archive
  }

  /// Every report there is.
  private func write(_ said: Said, into outputs: OutputFiles) throws(Failure) {
    let report = said.report
    try outputs.write(text(said, colour: false), to: "report.txt")
    try unsafe outputs.write(to: "report.json") { (sink) throws(Failure) in
      try unsafe JSONReport.write(report, words: said.words, to: sink)
    }
    if let words = said.words { try outputs.write(WordsJSON.render(words, of: report), to: "flags.json") }
    try outputs.write(page(said), to: "report.html")
    try outputs.write(markdown(said), to: "report.md")
    try outputs.write(JSONLinesReport.events(report), to: "events.jsonl")
    try outputs.write(CSVReport.segments(report), to: "segments.csv")
    try outputs.write(CSVReport.connections(report), to: "connections.csv")
    try outputs.write(CSVReport.events(report), to: "events.csv")
    try outputs.write(CSVReport.addresses(report), to: "nat.csv")
  }

  /// Writes what goes to standard output.
  private func writeOutput(_ said: Said) throws(Failure) {
    switch options.format {
    case .text: try StandardStreams.writeOutput(text(said, colour: options.color))
    case .json:
      try unsafe JSONReport.write(said.report, words: said.words) { (piece) throws(Failure) in
        try unsafe StandardStreams.writeOutput(piece: piece)
      }
    case .html: try StandardStreams.writeOutput(page(said))
    case .markdown: try StandardStreams.writeOutput(markdown(said))
    case .csv: try StandardStreams.writeOutput(CSVReport.events(said.report))
    case .jsonl: try StandardStreams.writeOutput(JSONLinesReport.events(said.report))
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
  private func keep(_ said: Said, in database: String) throws(Failure) {
    let isMasked = options.maskingKey != nil
    let stamps = isMasked ? [] : said.report.points.map { $0.files.map { try? FileStamp(of: $0) } }
    do throws(ArchiveError) {
      try AnalysisArchive.write(said.report, detail: said.detail, stamps: stamps, to: database)
    } catch {
      throw .archive(error)
    }
  }

  private func page(_ said: Said) -> [UInt8] {
    HTMLReport.render(said.report, detail: said.detail, utcOffsetSeconds: options.time.offset(for: said.report))
  }

  private func markdown(_ said: Said) -> [UInt8] {
    MarkdownReport.render(said.report, utcOffsetSeconds: options.time.offset(for: said.report))
  }

  private func text(_ said: Said, colour: Bool) -> [UInt8] {
    let style = TextStyle(
      width: options.width, colour: colour, utcOffsetSeconds: options.time.offset(for: said.report))
    return TextReport.render(said.report, words: said.words, style: style)
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
    let memoryBudget = options.recordMemory / max(1, survey.points.count)
    let mostOpen = OpenFileLimit.perPoint(pointsAtOnce: min(options.threads, survey.points.count))
    return await withTaskGroup(of: (Int, PointReading).self) { group in
      var waiting = survey.points.enumerated().makeIterator()
      func startNext() {
        guard let (index, point) = waiting.next() else { return }
        group.addTask {
          let reading = PointReading(
            point, box: options.boxes[point.name], filter: options.filter, memoryBudget: memoryBudget,
            mostOpen: mostOpen, progress: progress)
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

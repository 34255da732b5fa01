/// What can be fuzzed.
enum FuzzTarget: String, CaseIterable {
  /// Files: captures of every format, compressed ones and archives.
  case files
  /// Frames of every link type.
  case frames
  /// TCP options, beside a second reading of them.
  case options
  /// Whole analyses of frames at several points.
  case analysis
  /// Simulated paths with faults, checked against what was done to the packets.
  case paths
  /// Archives of analyses.
  case archives
  /// Reports with any text and numbers in them.
  case reports

  /// Runs one input.
  func run(_ feed: Feed) {
    switch self {
    case .files: FilesTarget.run(feed)
    case .frames: FramesTarget.run(feed)
    case .options: OptionsTarget.run(feed)
    case .analysis: AnalysisTarget.run(feed)
    case .paths: PathsTarget.run(feed)
    case .archives: ArchivesTarget.run(feed)
    case .reports: ReportsTarget.run(feed)
    }
  }
}

/// Stops with the input at hand if what must hold does not.
func require(_ holds: Bool, _ why: @autoclosure () -> String) {
  if !holds { fatalError(why()) }
}

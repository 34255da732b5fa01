import Foundation
import Testing
import Verdicts

@testable import Archive

@Suite struct ReplacedFileTests {
  let folder: TemporaryFolder
  var path: String { folder.file("analysis.db") }

  init() throws {
    folder = try TemporaryFolder()
    try AnalysisArchive.write(RichReport.value, to: path)
  }

  enum Stray: String, CaseIterable, Sendable {
    case point, connection, file

    var report: AnalysisReport {
      var report = RichReport.value
      switch self {
      case .point: report.events[0].point = 9
      case .connection: report.events[0].connection = 9
      case .file: report.events[0].upstream?.file = 9
      }
      return report
    }

    var message: String {
      switch self {
      case .point: "a row of events names one that points lacks"
      case .connection: "a row of events names one that connections lacks"
      case .file: "a row of events names one that point_files lacks"
      }
    }
  }

  @Test(arguments: Stray.allCases)
  func `a report that names what it does not hold leaves the old file as it was`(stray: Stray) throws {
    let before = try bytes(of: path)

    #expect(throws: ArchiveError.inconsistent(path: path, message: stray.message)) {
      try AnalysisArchive.write(stray.report, to: path)
    }
    #expect(try bytes(of: path) == before)
    #expect(try folder.names() == ["analysis.db"])
  }

  @Test func `a write that fails midway leaves the old file as it was`() async throws {
    let before = try bytes(of: path)
    await #expect(processExitsWith: .success) { [path = path as String] in
      limitFileSize(to: 64 << 10)
      signal(SIGXFSZ, SIG_IGN)
      #expect(throws: ArchiveError.cannotWrite(path: path, message: "disk I/O error")) {
        try AnalysisArchive.write(RichReport.withEvents(20_000), to: path)
      }
    }
    #expect(try bytes(of: path) == before)
    #expect(try folder.names() == ["analysis.db"])
  }

  @Test func `a write that is killed midway leaves the old file as it was`() async throws {
    let before = try bytes(of: path)
    await #expect(processExitsWith: .signal(SIGXFSZ)) { [path = path as String] in
      limitFileSize(to: 64 << 10)
      allowKill(by: SIGXFSZ)
      try AnalysisArchive.write(RichReport.withEvents(20_000), to: path)
    }
    #expect(try bytes(of: path) == before)
    #expect(try AnalysisArchive.read(path) == RichReport.value)
    // What it had written so far lies beside it, and is in nobody's way.
    #expect(try folder.names().count == 2)
    try AnalysisArchive.write(RichReport.withEvents(1), to: path)
  }
}

/// The signal kills this process, whatever the parent process or the thread pool have set.
private func allowKill(by number: Int32) {
  signal(number, SIG_DFL)
  var signals = sigset_t()
  sigemptyset(&signals)
  sigaddset(&signals, number)
  pthread_sigmask(SIG_UNBLOCK, &signals, nil)
}

/// From now on the system fails, or kills, this process when it writes a file beyond that size in bytes.
private func limitFileSize(to size: Int) {
  var limit = rlimit(rlim_cur: rlim_t(size), rlim_max: rlim_t(size))
  setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
}

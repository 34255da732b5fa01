import Foundation

/// The built program, run as a user runs it.
enum Program {
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// Runs `hopscope` with these arguments and without what this terminal has in its environment,
  /// but for what it tells sanitizers.
  ///
  /// - Parameter input: what it finds on standard input, through a file; nothing by default.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], input: Data? = nil, program: URL = executable
  ) throws -> Outcome {
    try withTemporaryFolder { folder in
      let output = folder.appending(path: "output")
      let errors = folder.appending(path: "errors")
      for file in [output, errors] { try Data().write(to: file) }
      let process = Process()
      process.executableURL = program
      process.arguments = arguments
      process.environment = environment.merging(sanitizerOptions) { given, _ in given }
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = try FileHandle(forWritingTo: errors)
      process.standardInput = FileHandle.nullDevice
      if let input {
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: try folder.add("input", input)))
      }
      try process.run()
      process.waitUntilExit()
      return Outcome(
        status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
        errors: try String(contentsOf: errors, encoding: .utf8))
    }
  }

  /// What the sanitizers are told that the tests run with, and the program with them; and where they find the program that
  /// gives them the names by which they know what to leave out.
  private static var sanitizerOptions: [String: String] {
    let all = ProcessInfo.processInfo.environment
    let options = all.filter { ["ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key) }
    return options.isEmpty ? [:] : options.merging(all.filter { $0.key == "PATH" }) { given, _ in given }
  }

  static func analyze(_ arguments: String...) throws -> Outcome { try run(["analyze"] + arguments) }

  /// The program stands beside the bundle of the tests.
  static var executable: URL {
    var folder = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    repeat {
      folder.deleteLastPathComponent()
      let candidate = folder.appending(path: "hopscope")
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder), !isFolder.boolValue {
        return candidate
      }
    } while folder.path != "/"
    return URL(filePath: ".build/debug/hopscope")
  }
}

/// Gives `body` a folder of its own, removed afterwards.
func withTemporaryFolder<Result>(_ body: (_ folder: URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "hopscope-tests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

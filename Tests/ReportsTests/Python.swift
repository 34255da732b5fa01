import Foundation

/// The Python of this machine, a second opinion on what is valid JSON.
enum Python {
  /// Where it is; `nil` where it is not installed.
  static let path = ["/usr/bin/python3", "/usr/local/bin/python3"].first(where: FileManager.default.isExecutableFile)

  /// Runs a script and returns what it prints.
  static func run(_ script: String, input: [UInt8]) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "hopscope-\(UUID().uuidString).json")
    try Data(input).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = path.map { URL(filePath: $0) }
    process.arguments = ["-c", script]
    process.standardInput = try FileHandle(forReadingFrom: file)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: said, as: UTF8.self)
  }
}

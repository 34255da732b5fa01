import Foundation

/// The tshark of this machine, if there is one: what the field takes for right.
public enum InstalledTshark {
  /// Where it is.
  public static let path = "/usr/bin/tshark"

  /// Whether it is there.
  public static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

  /// Its version, as "4.0.17"; `nil` if it is not installed.
  public static let version: String? = {
    guard isInstalled, let line = try? run(["--version"]).split(separator: "\n").first else { return nil }
    return line.split(separator: " ").dropFirst(2).first.map { String($0) }
  }()

  /// What it writes to its standard output.
  public static func run(_ arguments: [String]) throws -> String { try output(of: path, arguments) }

  /// What a program that asks it writes to its standard output.
  ///
  /// - Throws: if the program does not start, or ends with another status than 0.
  public static func output(of program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ProgramFailure(program: program, status: process.terminationStatus)
    }
    return String(decoding: data, as: UTF8.self)
  }
}

/// A program that did not end well.
public struct ProgramFailure: Error {
  /// Its path.
  public var program: String
  /// What it ended with.
  public var status: Int32
}

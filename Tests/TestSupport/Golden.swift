public import Foundation
public import Testing

/// Expected output kept in files next to the tests.
///
/// With `HOPSCOPE_REFRESH_GOLDEN=1` in the environment the files are written instead of compared.
public struct Golden: Sendable {
  /// The folder of the files.
  public let folder: URL
  /// Whether to write the files instead of comparing with them.
  public let refresh: Bool

  /// The golden files of a test target: the folder `Golden` next to the source file that asks.
  public init(
    nextTo source: String = #filePath,
    refresh: Bool = ProcessInfo.processInfo.environment["HOPSCOPE_REFRESH_GOLDEN"] == "1"
  ) {
    folder = URL(filePath: source).deletingLastPathComponent().appending(path: "Golden")
    self.refresh = refresh
  }

  /// Records an issue with the first difference unless the file holds exactly these bytes.
  public func expect(
    _ bytes: [UInt8], equal name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appending(path: name)
    if refresh {
      try Data(bytes).write(to: file)
      return
    }
    guard let expected = try? Data(contentsOf: file) else {
      Issue.record("\(name) is missing: refresh the golden files and read them", sourceLocation: sourceLocation)
      return
    }
    guard let difference = Self.firstDifference([UInt8](expected), bytes) else { return }
    Issue.record("\(name), \(difference)", sourceLocation: sourceLocation)
  }

  /// The first line in which two texts differ, both spelled so that escape codes are seen; `nil` for equal ones.
  public static func firstDifference(_ expected: [UInt8], _ actual: [UInt8]) -> String? {
    guard expected != actual else { return nil }
    let one = lines(expected)
    let other = lines(actual)
    let common = min(one.count, other.count)
    let index = (0..<common).first { one[$0] != other[$0] } ?? common
    func shown(_ lines: [[UInt8]]) -> String {
      lines.indices.contains(index) ? String(decoding: lines[index], as: UTF8.self).debugDescription : "(the end)"
    }
    return "line \(index + 1):\n  expected \(shown(one))\n  but got  \(shown(other))"
  }

  private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
  }
}

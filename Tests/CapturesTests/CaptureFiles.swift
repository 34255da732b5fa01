import Foundation

/// Captures of others that lie beside the tests; `Files/SOURCES.tsv` says where they come from.
enum CaptureFiles {
  /// Where the files lie.
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Files")

  /// Those that libpcap reads to their end.
  static let libpcapReads = all(below: folder.path).filter { LibpcapReading(path: $0).isWhole }

  /// A folder of captures that is not part of the project.
  static var folderToCompare: String? { ProcessInfo.processInfo.environment["HOPSCOPE_CAPTURES"] }

  /// The files below a folder whose names end as captures do.
  static func all(below folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    let endings = ["pcap", "pcapng", "cap", "dmp", "snoop", "erf", "gz", "ntar", "trace"]
    return names.filter { name in endings.contains { name.hasSuffix(".\($0)") } }.sorted().map { "\(folder)/\($0)" }
  }
}

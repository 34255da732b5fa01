import Foundation
import Verdicts

/// One of the packed recordings of `Samples/recordings`, with what really happened, written by those who caused it.
struct Recording: Sendable {
  let name: String
  /// Names of the points in path order.
  let path: [String]
  let truth: RecordedTruth
  /// The points, read, in path order.
  let points: [Captured]

  static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (files ?? []).filter { $0.hasSuffix(".tar.xz") }.map { String($0.dropLast(7)) }.sorted()
  }()

  private static let folder = Sample.folder.appending(path: "recordings")

  /// Unpacks and reads a recording, each point's clock moved by so many nanoseconds.
  init(_ name: String, clocksMovedBy moves: [Int64] = []) throws {
    struct Topology: Decodable {
      var points: [Point]
      struct Point: Decodable {
        var name: String
        var file: String
      }
    }
    self.name = name
    let archive = Self.folder.appending(path: "\(name).tar.xz")
    (path, truth, points) = try withTemporaryFolder { folder in
      try Self.unpack(archive, into: folder)
      let folder = folder.appending(path: name)
      let decoder = JSONDecoder()
      let topology = try decoder.decode(
        Topology.self, from: Data(contentsOf: folder.appending(path: "topology.json")))
      let truth = try decoder.decode(RecordedTruth.self, from: Data(contentsOf: folder.appending(path: "truth.json")))
      let points = try topology.points.enumerated().map { index, point in
        try Captured(
          point.name, files: [folder.appending(path: point.file)], movedByNS: index < moves.count ? moves[index] : 0)
      }
      return (topology.points.map(\.name), truth, points)
    }
  }

  struct UnpackFailure: Error { var status: Int32 }

  private static func unpack(_ archive: URL, into folder: URL) throws {
    let tar = Process()
    tar.executableURL = URL(filePath: "/usr/bin/env")
    tar.arguments = ["tar", "-xJf", archive.path, "-C", folder.path]
    try tar.run()
    tar.waitUntilExit()
    guard tar.terminationStatus == 0 else { throw UnpackFailure(status: tar.terminationStatus) }
  }
}

/// What really happened to the packets of a recording.
struct RecordedTruth: Decodable, Sendable {
  /// Findings that an analysis must come to: kind, then two points or one.
  var expect: [String]
  /// What was done to the clocks of points.
  var clock: [String: Clock]
  var events: [Event]

  struct Clock: Decodable, Sendable {
    var offsetS: Double

    enum CodingKeys: String, CodingKey { case offsetS = "offset_s" }
  }

  struct Event: Decodable, Sendable {
    var kind: String
    var place: String
    var between: [String]?
    var dir: String?
    var ipID: Int?
    var seq: UInt32?
    var len: Int?
    var field: String?
    var checksumMended: Bool?
    var overtakenBy: Int?
    var upstream: Frame?
    var downstream: Frame?

    enum CodingKeys: String, CodingKey {
      case kind, between, dir, seq, len, field, upstream, downstream
      case place = "where"
      case ipID = "ip_id"
      case checksumMended = "checksum_mended"
      case overtakenBy = "overtaken_by"
    }
  }

  struct Frame: Decodable, Sendable {
    var point: String
    var frame: Int?
  }
}

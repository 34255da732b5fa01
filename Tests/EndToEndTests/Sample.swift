import Foundation
import Testing
import Verdicts

/// A recording of real traffic with what really happened: a folder of `Samples`.
struct Sample: Sendable, CustomTestStringConvertible {
  let name: String
  /// Names of the points in path order.
  let path: [String]
  let truth: Truth
  /// The points, read, in path order.
  let points: [Captured]
  /// What is said of them.
  let report: AnalysisReport

  var testDescription: String { name }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Samples")
  static let names = ["ack-mangle", "clean-nat", "loss-firewall", "udp"]

  /// Drops that the kernel's log lacks, though no capture behind the box has the packet.
  ///
  /// The RST of frame 561 is the last of seven that `lb` refused of that connection, half a second before the end.
  private static let notLogged = [
    "ack-mangle": [
      Truth.Event(
        kind: "drop", dir: "s2c", between: ["lb-in", "lb-out"], upstream: .init(point: "lb-out", frame: 561))
    ]
  ]

  /// The sample of this name; each is read once.
  static func named(_ name: String) throws -> Sample { try read.get().first { $0.name == name }.unwrapped(name) }

  private static let read = Result { try names.map { try Sample($0) } }

  private init(_ name: String) throws {
    struct Topology: Decodable {
      var points: [Point]
      struct Point: Decodable {
        var name: String
        var file: String
      }
    }
    let folder = Self.folder.appending(path: name)
    let decoder = JSONDecoder()
    let topology = try decoder.decode(Topology.self, from: Data(contentsOf: folder.appending(path: "topology.json")))
    self.name = name
    path = topology.points.map(\.name)
    var truth = try decoder.decode(Truth.self, from: Data(contentsOf: folder.appending(path: "truth.json")))
    truth.events += Self.notLogged[name] ?? []
    self.truth = truth
    points = try topology.points.map { try Captured($0.name, files: [folder.appending(path: $0.file)]) }
    report = analyse(points)
  }

  /// The capture file of a point.
  func file(_ point: String) -> URL { Self.folder.appending(path: name).appending(path: "\(point).pcap") }
}

/// What really happened, written by those who caused it.
struct Truth: Decodable, Sendable {
  /// Findings that an analysis must come to: kind, then two points or one.
  var expect: [String]
  var events: [Event]

  struct Event: Decodable, Sendable {
    var kind: String
    var dir: String
    var between: [String]
    var upstream: Upstream

    struct Upstream: Decodable, Sendable {
      var point: String
      var frame: Int?
    }
  }
}

extension Optional {
  struct Missing: Error { var what: String }

  fileprivate func unwrapped(_ what: String) throws -> Wrapped {
    guard let self else { throw Missing(what: what) }
    return self
  }
}

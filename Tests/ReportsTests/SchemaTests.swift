import Foundation
import Reports
import TestSupport
import Testing
import Verdicts

@Suite struct SchemaTests {
  private static let schema = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "docs/report.schema.json")

  @Test(arguments: ExampleReports.all)
  func `a report fits its schema`(_ example: ExampleReports.Example) throws {
    let checker = try SchemaChecker(schema: Self.schema)
    #expect(try checker.problems(JSONReport.render(example.report)) == [])
  }

  /// Every word, cause, verdict and role of a proof once.
  private static let words: FlagWords = {
    let frame = FrameReference(point: 1, file: 0, frame: 7)
    let proof = FlagWords.Role.allCases.map { FlagWords.Proof(frame: frame, shows: $0) }
    let counts = WiresharkWord.allCases.map { word in
      FlagWords.Count(
        word: word, said: 14, correct: 3,
        causes: word.isJudged ? FlagCause.allCases.map { FlagWords.Share(cause: $0, frames: 1) } : [])
    }
    let words = WiresharkWord.allCases.flatMap { word in
      FlagCause.allCases.map { cause in
        FlagWords.Word(
          word: word, frame: frame, connection: 1, direction: .serverToClient, verdict: cause.verdict(on: word),
          cause: cause, between: cause == .undecided ? nil : PointPair(0, 1), proof: proof)
      }
    }
    return FlagWords(points: [.init(counts: []), .init(counts: counts)], words: words, connectionsNotFollowed: 2)
  }()

  @Test func `Wireshark's words fit the schema`() throws {
    let json = JSONReport.render(ExampleReports.firewallLoss, words: Self.words)
    #expect(try SchemaChecker(schema: Self.schema).problems(json) == [])
  }

  @Test(
    arguments: [
      ("\"flag\": \"keep_alive\"", "\"flag\": \"keepalive\"", "flag: none of the words"),
      ("\"shows\": \"overtook\"", "\"shows\": \"won\"", "shows: none of the words"),
      ("\"cause\": \"network-copy\"", "\"cause\": null", "cause: none of the words"),
      ("\"verdict\": \"misleading\", ", "", "verdict is missing"),
    ])
  func `a word that breaks the schema is said with its place`(good: String, bad: String, says: String) throws {
    let text = String(
      decoding: JSONReport.render(ExampleReports.firewallLoss, words: Self.words), as: UTF8.self)
    let broken = text.replacingOccurrences(of: good, with: bad)
    #expect(broken != text)
    #expect(try SchemaChecker(schema: Self.schema).problems(Array(broken.utf8)).contains { $0.contains(says) })
  }

  @Test(
    arguments: [
      ("\"schema\": \"hopscope.report/1\"", "\"schema\": \"hopscope.report/2\"", "$.schema: not"),
      ("\"severity\": \"fault\"", "\"severity\": \"grave\"", "severity: none of the words"),
      ("\"direction\": \"c2s\", \"connection\"", "\"connection\"", "direction is missing"),
      ("\"packets\": 3054", "\"packets\": \"3054\"", "packets: no integer"),
      ("\"loss_ratio\": 0.0", "\"loss_ratio\": -0.5", "loss_ratio: too small"),
    ])
  func `what breaks the schema is said with its place`(good: String, bad: String, says: String) throws {
    let text = String(decoding: JSONReport.render(ExampleReports.firewallLoss), as: UTF8.self)
    let broken = text.replacingOccurrences(of: good, with: bad)
    #expect(broken != text)
    let problems = try SchemaChecker(schema: Self.schema).problems(Array(broken.utf8))
    #expect(problems.contains { $0.contains(says) })
  }
}

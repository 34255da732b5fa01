import Foundation
import Testing

@testable import hopscope

@Suite struct TopologyFileTests {
  private func read(_ json: String) throws -> TopologyFile {
    try withTemporaryFolder { try TopologyFile(path: try $0.add("topology.json", Data(json.utf8))) }
  }

  @Test func `points stand in path order, box and file may be left out, more keys are passed over`() throws {
    let topology = try read(
      #"{"points":[{"name":"a","file":"a.pcap"},{"name":"b","box":"fw1","x":1},{"name":"c"}],"note":"n"}"#)
    #expect(topology.points.map(\.name) == ["a", "b", "c"])
    #expect(topology.points.map(\.box) == [nil, "fw1", nil])
    #expect(topology.name(forFile: "some/where/a.pcap") == "a")
    #expect(topology.name(forFile: "b.pcap") == nil)
  }

  @Test(arguments: [
    ("{", "", "it is not JSON"), ("{}", "", "the key \"points\" is missing"),
    (#"{"points":[{"name":"a"},{"file":"b"}]}"#, "points[1]", "the key \"name\" is missing"),
    (#"{"points":[{"name":7}]}"#, "points[0].name", "a value is of the wrong type"),
    (#"{"points":[{"name":"a"},{"name":"a"}]}"#, "points[1]", "the name \"a\" stands twice"),
  ])
  func `a malformed topology says what is wrong and where`(json: String, place: String, problem: String) throws {
    let failure = #expect(throws: Failure.self) { try read(json) }
    guard case .input(.topologyMalformed(_, let foundPlace, let foundProblem)) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(foundPlace == place)
    #expect(foundProblem == problem)
  }

  @Test func `a missing topology is an input that cannot be read`() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "gone.json").path
      #expect(throws: Failure.input(.topologyUnreadable(path: path, errno: ENOENT))) { try TopologyFile(path: path) }
    }
  }
}

import ArgumentParser
import Foundation
import Testing

@testable import hopscope

@Suite struct AnalyzeOptionsTests {
  private let pipe = Terminal(
    outputIsTerminal: false, errorIsTerminal: false, columns: nil, refusesColor: false, cores: 4, memory: 1 << 30)
  private let screen = Terminal(
    outputIsTerminal: true, errorIsTerminal: true, columns: 132, refusesColor: false, cores: 4, memory: 1 << 30)

  /// Options for two captures, `client` and `server`.
  private func options(_ arguments: [String], _ terminal: Terminal) throws -> AnalyzeOptions {
    try withTemporaryFolder { folder in
      let files = [try folder.add("client.pcap"), try folder.add("server.pcap")]
      return try AnalyzeOptions(try AnalyzeCommand.parse(files + arguments), terminal: terminal)
    }
  }

  @Test func `defaults are those of a pipe or of the screen`() throws {
    let piped = try options([], pipe)
    #expect((piped.format, piped.threads, piped.color, piped.width) == (.text, 4, false, 100))
    #expect(piped.order == nil)
    #expect(!piped.showsProgress)
    let shown = try options([], screen)
    #expect((shown.color, shown.width, shown.showsProgress) == (true, 132, true))
  }

  @Test func `colour is what was asked for, else what the terminal takes`() throws {
    var refusing = screen
    refusing.refusesColor = true
    #expect(try !options([], refusing).color)
    #expect(try options(["--color", "always"], refusing).color)
    #expect(try options(["--color", "always"], pipe).color)
    #expect(try !options(["--color", "never"], screen).color)
  }

  @Test(arguments: [("4G", 2048 - 192), ("1G", 512 - 192), ("512M", 64), ("64M", 8)])
  func `what is found out takes memory first, packet records what is left of half of it`(
    _ size: String, _ mebibytes: Int
  ) throws {
    #expect(try options(["--memory", size], pipe).recordMemory == mebibytes << 20)
  }

  @Test func `an order is a list of all names, spaces around them do not matter`() throws {
    #expect(try options(["--order", "server, client"], pipe).order == ["server", "client"])
  }

  @Test func `a topology gives order and boxes, and may know more points than were captured`() throws {
    try withTemporaryFolder { folder in
      let json = #"{"points":[{"name":"client"},{"name":"fw","box":"fw1"},{"name":"server","box":"lb"}]}"#
      let topology = try folder.add("path.json", Data(json.utf8))
      let options = try options(["--topology", topology], pipe)
      #expect(options.order == ["client", "server"])
      #expect(options.boxes == ["fw": "fw1", "server": "lb"])
      #expect(options.inputs.remarks == [.withoutCapture(names: ["fw"], topology: topology)])
    }
  }

  @Test func `a topology that leaves a point out needs an order beside it`() throws {
    try withTemporaryFolder { folder in
      let topology = try folder.add("path.json", Data(#"{"points":[{"name":"client"}]}"#.utf8))
      #expect(throws: Failure.usage(.topologyMisses(names: ["server"], path: topology))) {
        try options(["--topology", topology], pipe)
      }
      let ordered = try options(["--topology", topology, "--order", "server,client"], pipe)
      #expect(ordered.order == ["server", "client"])
    }
  }
}

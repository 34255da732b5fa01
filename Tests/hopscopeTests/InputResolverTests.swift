import Captures
import Foundation
import Testing

@testable import hopscope

@Suite struct InputResolverTests {
  @Test func `a name that is given again adds a file to its point`() throws {
    try withTemporaryFolder { folder in
      let (first, second) = (try folder.add("a.pcap"), try folder.add("b.pcap"))
      let third = try folder.add("c.pcap")
      let inputs = try InputResolver.resolve(["fw=\(first)", third, "fw=\(second)"], topology: nil)
      #expect(inputs.points == [.init(name: "fw", paths: [first, second]), .init(name: "c", paths: [third])])
    }
  }

  @Test func `a folder with a name is one point of several files`() throws {
    try withTemporaryFolder { folder in
      let files = [try folder.add("ring/x.pcap0"), try folder.add("ring/x.pcap1")]
      let inputs = try InputResolver.resolve(["fw=\(folder.path)/ring"], topology: nil)
      #expect(inputs.points == [.init(name: "fw", paths: files)])
    }
  }

  @Test func `what a folder leaves out is said`() throws {
    try withTemporaryFolder { folder in
      let capture = try folder.add("a.pcap")
      try folder.add("notes.txt", Data("notes".utf8))
      try folder.add("below/c.pcap")
      let inputs = try InputResolver.resolve([folder.path], topology: nil)
      #expect(inputs.points == [.init(name: "a", paths: [capture])])
      let leftOut = Remark.leftOut(folder: folder.path, names: ["below", "notes.txt"])
      #expect(inputs.remarks == [leftOut])
    }
  }

  @Test func `equal names from bare files are refused`() throws {
    try withTemporaryFolder { folder in
      let (first, second) = (try folder.add("a/fw.pcap"), try folder.add("b/fw.pcap"))
      let equal = Failure.usage(.equalNames(name: "fw", path: second, other: first))
      #expect(throws: equal) { try InputResolver.resolve([first, second], topology: nil) }
      #expect(throws: equal) { try InputResolver.resolve(["fw=\(first)", second], topology: nil) }
      #expect(throws: equal) { try InputResolver.resolve([first, "fw=\(second)"], topology: nil) }
    }
  }

  @Test func `one file is refused twice, under whatever path or name`() throws {
    try withTemporaryFolder { folder in
      let file = try folder.add("fw.pcap")
      let link = folder.appending(path: "link.pcap").path
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
      for other in [file, "x=\(file)", link, "\(folder.path)/./fw.pcap", folder.path] {
        #expect(throws: Failure.self, "\(other)") { try InputResolver.resolve([file, other], topology: nil) }
      }
      let missing = folder.appending(path: "gone.pcap").path
      #expect(throws: Failure.usage(.sameFileTwice(path: missing, other: missing))) {
        try InputResolver.resolve([missing, missing], topology: nil)
      }
    }
  }

  @Test func `a device is an input that cannot be read`() throws {
    let inputs = try InputResolver.resolve(["/dev/null"], topology: nil)
    #expect(inputs.unreadable == [.notAFile(path: "/dev/null")])
    #expect(inputs.points.isEmpty)
  }

  @Test func `the topology names a bare file, a typed name goes before`() throws {
    try withTemporaryFolder { folder in
      let json = #"{"points":[{"name":"firewall","file":"eth1.pcap"}]}"#
      let topology = try TopologyFile(path: try folder.add("topology.json", Data(json.utf8)))
      let file = try folder.add("eth1.pcap")
      #expect(try InputResolver.resolve([file], topology: topology).points.map(\.name) == ["firewall"])
      #expect(try InputResolver.resolve(["x=\(file)"], topology: topology).points.map(\.name) == ["x"])
    }
  }

  @Test func `a capture of several interfaces is a point for each, and says so`() throws {
    try withTemporaryFolder { folder in
      let path = try folder.add("fw.pcapng", SmallCaptures.twoInterfaces)
      let inputs = try InputResolver.resolve([path], topology: nil)
      #expect(inputs.points.map(\.name) == ["fw-eth0", "fw-1"])
      #expect(inputs.points.map { $0.files.map(\.interface) } == [["eth0"], ["1"]])
      let interfaces = [BusyInterface(key: "eth0", packets: 1), BusyInterface(key: "1", packets: 2)]
      #expect(
        inputs.remarks == [
          .severalInterfaces(path: path, interfaces: interfaces, points: ["fw-eth0", "fw-1"], loopback: nil)
        ])
      let named = try InputResolver.resolve(["x=\(path)"], topology: nil)
      #expect(named.points.map(\.name) == ["x-eth0", "x-1"])
    }
  }

  @Test(arguments: [("a=", "a"), ("", "fw-eth0")])
  func `an interface that is selected is one point, and nothing is said`(prefix: String, name: String) throws {
    try withTemporaryFolder { folder in
      let path = try folder.add("fw.pcapng", SmallCaptures.twoInterfaces)
      let inputs = try InputResolver.resolve(["\(prefix)\(path)#eth0"], topology: nil)
      let file = InputFile(location: CaptureLocation(path: path), interface: "eth0")
      #expect(inputs.points == [InputPoint(name: name, files: [file])])
      #expect(inputs.remarks.isEmpty)
    }
  }

  @Test func `a hash that is part of a file's name is no selection`() throws {
    try withTemporaryFolder { folder in
      let path = try folder.add("fw#eth0.pcap")
      #expect(try InputResolver.resolve([path], topology: nil).points == [.init(name: "fw#eth0", paths: [path])])
    }
  }

  @Test func `a pattern that no shell expanded is expanded`() throws {
    try withTemporaryFolder { folder in
      let paths = [try folder.add("fw.1.pcap"), try folder.add("fw.2.pcap")]
      let inputs = try InputResolver.resolve(["fw=\(folder.path)/fw.*.pcap"], topology: nil)
      #expect(inputs.points == [.init(name: "fw", paths: paths)])
      let nothing = "\(folder.path)/lb.*.pcap"
      #expect(
        try InputResolver.resolve([nothing], topology: nil).unreadable == [.patternWithoutMatch(pattern: nothing)])
    }
  }

  @Test func `the topology names an interface by file and name`() throws {
    try withTemporaryFolder { folder in
      let path = try folder.add("fw.pcapng", SmallCaptures.twoInterfaces)
      let json = ##"{"points":[{"name":"in","file":"fw.pcapng#eth0"},{"name":"out","file":"fw.pcapng#1"}]}"##
      let topology = try TopologyFile(path: try folder.add("topology.json", Data(json.utf8)))
      #expect(try InputResolver.resolve([path], topology: topology).points.map(\.name) == ["in", "out"])
    }
  }
}

extension InputPoint {
  /// A point of files with all their interfaces.
  fileprivate init(name: String, paths: [String]) {
    self.init(name: name, files: paths.map { InputFile(location: CaptureLocation(path: $0)) })
  }
}

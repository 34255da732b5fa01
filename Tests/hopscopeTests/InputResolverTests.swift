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
      #expect(inputs.points == [.init(name: "fw", files: [first, second]), .init(name: "c", files: [third])])
    }
  }

  @Test func `a folder with a name is one point of several files`() throws {
    try withTemporaryFolder { folder in
      let files = [try folder.add("ring/x.pcap0"), try folder.add("ring/x.pcap1")]
      let inputs = try InputResolver.resolve(["fw=\(folder.path)/ring"], topology: nil)
      #expect(inputs.points == [.init(name: "fw", files: files)])
    }
  }

  @Test func `what a folder leaves out is said`() throws {
    try withTemporaryFolder { folder in
      let capture = try folder.add("a.pcap")
      try folder.add("notes.txt", Data("notes".utf8))
      try folder.add("below/c.pcap")
      let inputs = try InputResolver.resolve([folder.path], topology: nil)
      #expect(inputs.points == [.init(name: "a", files: [capture])])
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

  @Test func `a pipe is an input that cannot be read`() throws {
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
}

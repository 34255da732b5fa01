import Testing

@testable import hopscope

@Suite struct InputArgumentTests {
  @Test(
    arguments: [
      ("client.pcap", nil, "client.pcap"),
      ("fw=a/b.pcap", "fw", "a/b.pcap"),
      ("fw=a=b.pcap", "fw", "a=b.pcap"),
      ("./a=b.pcap", nil, "./a=b.pcap"),
    ] as [(String, String?, String)])
  func `a name stands before the first equals sign`(text: String, name: String?, path: String) throws {
    let input = try InputArgument(text)
    #expect(input.name == name)
    #expect(input.path == path)
  }

  @Test(
    arguments: [
      ("=a.pcap", .emptyName(argument: "=a.pcap")), ("a=", .emptyPath(argument: "a=")), ("", .emptyPath(argument: "")),
      ("a,b=c.pcap", .commaInName("a,b")),
    ] as [(String, UsageError)])
  func `what names nothing is refused`(text: String, error: UsageError) {
    #expect(throws: Failure.usage(error)) { try InputArgument(text) }
  }

  @Test(arguments: [
    ("fw1-in.pcap", "fw1-in"), ("/tmp/a.b/client.pcapng", "client"), ("client.pcap.gz", "client"),
    ("lb.2024-05.pcap12", "lb.2024-05"), ("server.cap", "server"), ("client.pcap.3", "client"),
    ("fw1.example.com.pcap", "fw1.example.com"), ("plain", "plain"), (".pcap", ".pcap"),
  ])
  func `a point is named after its file`(path: String, name: String) {
    #expect(InputArgument.pointName(forFile: path) == name)
  }
}

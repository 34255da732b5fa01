/// One INPUT as typed: `FILE`, `NAME=FILE` or a folder.
struct InputArgument: Equatable {
  /// The name, if one was given.
  var name: String?
  var path: String

  /// Takes `NAME=FILE` apart.
  ///
  /// What has a slash before its first `=` is a path: `./a=b.pcap`.
  init(_ text: String) throws(Failure) {
    guard let equals = text.firstIndex(of: "="), !text[..<equals].contains("/") else {
      guard !text.isEmpty else { throw .usage(.emptyPath(argument: text)) }
      name = nil
      path = text
      return
    }
    let given = String(text[..<equals])
    path = String(text[text.index(after: equals)...])
    guard !given.isEmpty else { throw .usage(.emptyName(argument: text)) }
    guard !path.isEmpty else { throw .usage(.emptyPath(argument: text)) }
    guard !given.contains(",") else { throw .usage(.commaInName(given)) }
    name = given
  }

  /// The name of a point whose capture has this path: the file's name without its extensions.
  ///
  ///     fw1-in.pcap → fw1-in     client.pcap.gz → client     lb.2024-05.pcap12 → lb.2024-05
  static func pointName(forFile path: String) -> String {
    var name = path.split(separator: "/").last.map(String.init) ?? path
    var strip = true
    while strip, let dot = name.lastIndex(of: "."), dot != name.startIndex {
      name = String(name[..<dot])
      guard let next = name.lastIndex(of: ".") else { break }
      strip = isCaptureExtension(name[name.index(after: next)...])
    }
    return name
  }

  private static func isCaptureExtension(_ text: Substring) -> Bool {
    let letters = text.lowercased().prefix { !$0.isNumber }
    return ["pcap", "pcapng", "cap", "dmp", "dump"].contains(String(letters))
  }
}

/// One INPUT as typed: `FILE`, `NAME=FILE`, `FILE#INTERFACE`, a folder, a pattern, or `-`.
struct InputArgument: Equatable {
  /// The name, if one was given.
  var name: String?
  var path: String
  /// The interface that was selected; set only when it is clear that `#` is no part of the path.
  var interface: String?

  /// Whether the path has wildcards.
  var isPattern: Bool { FilePattern.isPattern(path) }

  /// The path taken apart at its last `#`, if it has one: `fw.pcapng#eth0`.
  var pathAndInterface: (path: String, interface: String)? {
    guard let hash = path.lastIndex(of: "#") else { return nil }
    let (file, interface) = (path[..<hash], path[path.index(after: hash)...])
    return file.isEmpty || interface.isEmpty ? nil : (String(file), String(interface))
  }

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

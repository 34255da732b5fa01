import Foundation
import Testing

/// The Chromium of this machine, run without a screen.
enum Browser {
  /// Where it is; `nil` where it is not installed.
  static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
    .first(where: FileManager.default.isExecutableFile)

  /// Opens a page as a file, uses it as `Browser/after.js` says, and returns what was seen.
  static func use(_ page: [UInt8]) throws -> Seen {
    let folder = FileManager.default.temporaryDirectory.appending(path: "hopscope-page-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "report.html")
    try Data(try withChecks(String(decoding: page, as: UTF8.self)).utf8).write(to: file)

    let process = Process()
    process.executableURL = path.map { URL(filePath: $0) }
    process.arguments = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1400,1000",
      "--user-data-dir=\(folder.path)/profile", "--timeout=20000", "--virtual-time-budget=20000", "--dump-dom",
      file.absoluteString,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let dom = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let encoded = try #require(dom.firstMatch(of: /<pre id="seen">([^<]*)<\/pre>/), "the page's checks never ended").1
    let json = try #require(Data(base64Encoded: String(encoded)))
    return Seen(try #require(JSONSerialization.jsonObject(with: json) as? [String: Any]))
  }

  /// What the checks saw, by name.
  struct Seen {
    private let values: [String: Any]

    init(_ values: [String: Any]) { self.values = values }

    func text(_ name: String) -> String? { values[name] as? String }
    func number(_ name: String) -> Double? { (values[name] as? NSNumber)?.doubleValue }
    /// Errors, refused loads, and names that were executed.
    var troubles: [String] { values["troubles"] as? [String] ?? ["nothing was seen"] }
  }

  /// The page with the checks around its own script, under its own policy.
  private static func withChecks(_ page: String) throws -> String {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Browser")
    let nonce = try #require(page.firstMatch(of: /'nonce-([0-9a-f]+)'/)).1
    func script(_ name: String) throws -> String {
      "<script nonce=\"\(nonce)\">\n\(try String(contentsOf: folder.appending(path: name), encoding: .utf8))</script>\n"
    }
    return page.replacing("<title>", with: try script("before.js") + "<title>", maxReplacements: 1)
      .replacing("</body>\n</html>\n", with: try script("after.js") + "</body>\n</html>\n")
  }
}

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
      "--user-data-dir=\(folder.path)/profile", "--remote-debugging-port=0", "--enable-logging=stderr",
      file.absoluteString,
    ]
    let log = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = log
    process.standardInput = FileHandle.nullDevice
    try process.run()
    // The page says what it saw on its console; a browser that never does is ended, which ends its log.
    let patience = DispatchWorkItem { process.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + 90, execute: patience)
    let encoded = result(in: log.fileHandleForReading)
    patience.cancel()
    process.terminate()
    process.waitUntilExit()
    let json = try #require(encoded.flatMap { Data(base64Encoded: $0) }, "the page's checks never ended")
    return Seen(try #require(JSONSerialization.jsonObject(with: json) as? [String: Any]))
  }

  /// What stands between the marks that `after.js` writes; `nil` if the log ends without.
  private static func result(in log: FileHandle) -> String? {
    var text = ""
    while true {
      let data = log.availableData
      if data.isEmpty { return nil }
      text += String(decoding: data, as: UTF8.self)
      if let match = text.firstMatch(of: /SEEN:([A-Za-z0-9+\/=]*):NEES/) { return String(match.1) }
    }
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

public import Verdicts

/// The report for people with a browser: one page that holds everything it needs and opens from anywhere.
///
/// Its script and style are the files in `Assets`; it loads nothing, and its content security policy forbids it to.
public enum HTMLReport {
  /// Renders a report with its pictures as one UTF-8 page of at most about 10 MB.
  ///
  /// The same report gives the same bytes. Everything that came from captures or file names is data in a script element
  /// that it cannot end, and the script only ever shows it as text. Of very many connections and events those with
  /// least trouble are left out, and the page says how many.
  ///
  /// Every position, and every index of a file, must be one of the report's own points and files.
  ///
  /// - Parameter utcOffsetSeconds: seconds to add to UTC for the dates and times of day.
  public static func render(
    _ report: AnalysisReport, detail: AnalysisDetail = .none, utcOffsetSeconds: Int = 0
  ) -> [UInt8] {
    let style = TextStyle(utcOffsetSeconds: utcOffsetSeconds)
    let view = ReportView(report, style: style)
    let data = PageData.json(view, detail)
    let nonce = nonce(of: data)
    var page: [UInt8] = []
    func add(_ text: String) { page.append(contentsOf: text.utf8) }
    add("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    add("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
    add("script-src 'nonce-\(nonce)'; style-src 'nonce-\(nonce)'; base-uri 'none'; form-action 'none'\">\n")
    add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    add("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"hopscope\">\n")
    add("<title>\(escaped(VerdictSentence.parts(view).sentence)) – hopscope</title>\n<style nonce=\"\(nonce)\">\n")
    page += PackageResources.page_css
    add("</style>\n</head>\n<body>\n")
    page += PackageResources.page_html
    add("<noscript>\n<p>Without JavaScript, this is the report as text:</p>\n<pre>")
    add(escaped(String(decoding: TextReport.render(report, style: style), as: UTF8.self)))
    add("</pre>\n</noscript>\n<script nonce=\"\(nonce)\" type=\"application/json\" id=\"data\">")
    page += data
    add("</script>\n<script nonce=\"\(nonce)\">\n(() => {\n\"use strict\";\n")
    for module in modules { page += module }
    add("})();\n</script>\n</body>\n</html>\n")
    return page
  }

  /// The modules of the page's script; each uses only those before it.
  private static let modules = [
    PackageResources.format_js, PackageResources.dom_js, PackageResources.data_js, PackageResources.path_js,
    PackageResources.findings_js, PackageResources.segments_js, PackageResources.points_js,
    PackageResources.table_js, PackageResources.ladder_js, PackageResources.sequence_js,
    PackageResources.connections_js, PackageResources.main_js,
  ]

  /// Text between tags.
  static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in Line.printable(text, keepingLines: true).utf8 {
      switch byte {
      case UInt8(ascii: "<"): bytes += Array("&lt;".utf8)
      case UInt8(ascii: ">"): bytes += Array("&gt;".utf8)
      case UInt8(ascii: "&"): bytes += Array("&amp;".utf8)
      case UInt8(ascii: "\""): bytes += Array("&quot;".utf8)
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A number that whoever wrote something into a capture cannot know: FNV-1a over all data of the page.
  private static func nonce(of data: [UInt8]) -> String {
    let hash = data.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
  }
}

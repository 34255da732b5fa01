/// Pages without a script: text and tables that are made here, in the style of the report's page.
///
/// All text passes through ``HTMLReport/escaped(_:)``.
struct HTMLText {
  private(set) var bytes: [UInt8] = []

  /// A page of this title, with what the closure adds to its body.
  static func page(_ title: String, _ body: (inout HTMLText) -> Void) -> [UInt8] {
    var page = HTMLText()
    page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    // Nothing is loaded and nothing runs; the style is the one element that it allows.
    page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
    page.raw("style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n")
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    page.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"hopscope\">\n")
    page.raw("<title>\(HTMLReport.escaped(title)) – hopscope</title>\n<style>\n")
    page.bytes += PackageResources.page_css
    page.raw("</style>\n</head>\n<body>\n")
    body(&page)
    page.raw("</body>\n</html>\n")
    return page.bytes
  }

  /// An element with a text.
  mutating func element(_ tag: StaticString, class look: String = "", _ text: String) {
    open(tag, class: look)
    add(text)
    close(tag)
  }

  /// An element with what the closure adds.
  mutating func element(_ tag: StaticString, class look: String = "", _ content: (inout HTMLText) -> Void) {
    open(tag, class: look)
    content(&self)
    close(tag)
  }

  /// A heading and what belongs to it.
  mutating func section(_ title: String, _ facts: String = "", _ content: (inout HTMLText) -> Void) {
    element("section") { html in
      html.element("h2", title)
      if !facts.isEmpty { html.element("p", class: "muted", facts) }
      content(&html)
    }
  }

  /// A table that scrolls sideways where the screen is narrow.
  mutating func table<Row>(_ label: String, _ rows: [Row], _ columns: [Column<Row>]) {
    raw(
      "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"\(HTMLReport.escaped(label))\">\n<table>\n<thead><tr>"
    )
    for column in columns {
      raw("<th scope=\"col\"\(column.isNumber ? " class=\"number\"" : "")>")
      add(column.title)
      raw("</th>")
    }
    raw("</tr></thead>\n<tbody>\n")
    for row in rows {
      raw("<tr>")
      for column in columns { cell(column, row) }
      raw("</tr>\n")
    }
    raw("</tbody>\n</table>\n</div>\n")
  }

  private mutating func cell<Row>(_ column: Column<Row>, _ row: Row) {
    let tag = column.isHead ? "th scope=\"row\"" : "td"
    let look = [column.isNumber ? "number" : "", column.look(row)].filter { !$0.isEmpty }.joined(separator: " ")
    raw("<\(tag)\(look.isEmpty ? "" : " class=\"\(look)\"")>")
    add(column.text(row))
    raw(column.isHead ? "</th>" : "</td>")
  }

  /// A column of a table; looks are classes of the style, never text from a capture.
  struct Column<Row> {
    let title: String
    let isNumber: Bool
    let isHead: Bool
    let text: (Row) -> String
    let look: (Row) -> String

    init(
      _ title: String, number isNumber: Bool = false, head isHead: Bool = false,
      look: @escaping (Row) -> String = { _ in "" }, _ text: @escaping (Row) -> String
    ) {
      self.title = title
      self.isNumber = isNumber
      self.isHead = isHead
      self.look = look
      self.text = text
    }
  }

  /// Text.
  mutating func add(_ text: String) { raw(HTMLReport.escaped(text)) }

  private mutating func open(_ tag: StaticString, class look: String) {
    raw(look.isEmpty ? "<\(tag)>" : "<\(tag) class=\"\(look)\">")
  }

  private mutating func close(_ tag: StaticString) { raw("</\(tag)>\n") }

  private mutating func raw(_ markup: String) { bytes.append(contentsOf: markup.utf8) }
}

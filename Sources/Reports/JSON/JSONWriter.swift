/// Writes JSON (RFC 8259) from front to back, with the keys in the order in which they come.
///
///     var json = JSONWriter()
///     json.object {
///       $0.member("lost", 3)
///       $0.member("between", ["fw1-in", "fw1-out"])
///     }
///     json.bytes  // {"lost": 3, "between": ["fw1-in", "fw1-out"]}
///
/// What stands in the outermost two levels gets a line of its own, so that `grep`, `diff` and a pager can work on
/// a report: one event is one line. Why there is a writer of our own: `docs/decisions/0004-json-writer.md`.
struct JSONWriter {
  /// What is written so far.
  private(set) var bytes: [UInt8] = []
  /// Containers that are open.
  private var depth = 0
  /// Whether the open container holds something already.
  private var needsComma = false

  private let layout: Layout

  private static let depthOfLines = 2

  /// How the values are laid out.
  enum Layout {
    /// What stands in the outermost two levels has a line of its own.
    case lines
    /// Everything on one line.
    case oneLine
    /// Everything on one line without spaces, and without the characters that mean something in HTML: nothing in it
    /// can end the script element that holds it.
    case embedded
  }

  init(_ layout: Layout = .lines) {
    self.layout = layout
  }

  /// Writes an object; the body writes its members.
  mutating func object(_ body: (inout JSONWriter) -> Void) {
    open(UInt8(ascii: "{"))
    body(&self)
    close(UInt8(ascii: "}"))
  }

  /// Writes an array; the body writes one element for each item.
  mutating func array<Items: Sequence>(_ items: Items, _ body: (inout JSONWriter, Items.Element) -> Void) {
    open(UInt8(ascii: "["))
    for item in items {
      startElement()
      body(&self, item)
    }
    close(UInt8(ascii: "]"))
  }

  /// Writes a key, after which the value must follow.
  ///
  /// Keys are plain ASCII words of the report's own.
  mutating func key(_ name: StaticString) {
    startElement()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    append(layout == .embedded ? "\":" : "\": ")
  }

  /// Writes a member with a value that stands alone.
  mutating func member(_ name: StaticString, _ value: some JSONValue) {
    key(name)
    value.write(to: &self)
  }

  /// Writes a member that is an object.
  mutating func member(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
    key(name)
    object(body)
  }

  /// Writes a member that is an array.
  mutating func member<Items: Sequence>(
    _ name: StaticString, each items: Items, _ body: (inout JSONWriter, Items.Element) -> Void
  ) {
    key(name)
    array(items, body)
  }

  /// Writes text that is JSON already: a number or a literal.
  fileprivate mutating func literal(_ text: StaticString) { append(text) }

  /// Writes a number that is text already.
  fileprivate mutating func literal(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func append(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Writes bytes that are JSON already, of the same layout.
  mutating func raw(_ json: [UInt8]) {
    bytes.append(contentsOf: json)
  }

  /// What is written, with a line feed behind it; the bytes are not copied.
  consuming func endingInLineFeed() -> [UInt8] {
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  /// Writes a whole number.
  fileprivate mutating func number(_ value: some FixedWidthInteger) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = UInt64(value.magnitude)
    var digits: InlineArray<20, UInt8> = .init(repeating: 0)
    var first = digits.count
    repeat {
      first -= 1
      digits[first] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    } while rest > 0
    for place in first..<digits.count { bytes.append(digits[place]) }
  }

  /// Writes a string with the escapes of RFC 8259 section 7.
  fileprivate mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    let isWritten: Void? = text.utf8.withContiguousStorageIfAvailable { utf8 in
      if utf8.allSatisfy(standsForItself) {
        bytes.append(contentsOf: utf8)
      } else {
        for byte in utf8 { escape(byte) }
      }
    }
    if isWritten == nil { for byte in text.utf8 { escape(byte) } }
    bytes.append(UInt8(ascii: "\""))
  }

  private func standsForItself(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
      && !(layout == .embedded && Self.isMarkup(byte))
  }

  /// `<`, `>` and `&`.
  private static func isMarkup(_ byte: UInt8) -> Bool { byte == 0x3C || byte == 0x3E || byte == 0x26 }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(byte)
    case 0x0A: bytes.append(contentsOf: "\\n".utf8)
    case 0x09: bytes.append(contentsOf: "\\t".utf8)
    case _ where byte < 0x20 || (layout == .embedded && Self.isMarkup(byte)):
      bytes.append(contentsOf: byte < 0x10 ? "\\u000".utf8 : "\\u00".utf8)
      bytes.append(contentsOf: String(byte, radix: 16).utf8)
    default: bytes.append(byte)
    }
  }

  private mutating func open(_ bracket: UInt8) {
    bytes.append(bracket)
    depth += 1
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    depth -= 1
    if layout == .lines, needsComma && depth < Self.depthOfLines { newLine() }
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func startElement() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    if layout == .lines, depth <= Self.depthOfLines {
      newLine()
    } else if needsComma, layout != .embedded {
      bytes.append(UInt8(ascii: " "))
    }
    needsComma = true
  }

  private mutating func newLine() {
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<depth { bytes.append(UInt8(ascii: " ")) }
  }
}

/// A value that is one JSON value by itself.
protocol JSONValue {
  /// Appends the value.
  func write(to json: inout JSONWriter)
}

extension String: JSONValue {
  func write(to json: inout JSONWriter) { json.string(self) }
}

extension Bool: JSONValue {
  func write(to json: inout JSONWriter) { json.literal(self ? "true" as StaticString : "false") }
}

extension Int: JSONValue {
  func write(to json: inout JSONWriter) { json.number(self) }
}

extension Int64: JSONValue {
  func write(to json: inout JSONWriter) { json.number(self) }
}

extension UInt32: JSONValue {
  func write(to json: inout JSONWriter) { json.number(self) }
}

extension UInt16: JSONValue {
  func write(to json: inout JSONWriter) { json.number(self) }
}

extension Double: JSONValue {
  /// The shortest decimal that reads back as the same value; `null` for what JSON has no number for.
  func write(to json: inout JSONWriter) {
    if isFinite { json.literal(description) } else { json.literal("null" as StaticString) }
  }
}

extension Optional: JSONValue where Wrapped: JSONValue {
  func write(to json: inout JSONWriter) {
    if let self { self.write(to: &json) } else { json.literal("null" as StaticString) }
  }
}

extension Array: JSONValue where Element: JSONValue {
  func write(to json: inout JSONWriter) { json.array(self) { json, element in element.write(to: &json) } }
}

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
struct JSONWriter: ~Copyable {
  private var buffer = ByteBuffer()
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

  /// A copy of what is written so far.
  var bytes: [UInt8] { buffer.array }

  /// Hands over what is written so far and begins a new piece, if the piece has at least `size` bytes.
  mutating func drain<Failure: Error>(
    from size: Int = 0, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    guard buffer.count > 0, buffer.count >= size else { return }
    unsafe try buffer.withBytes(sink)
    buffer.removeAll()
  }

  /// Writes an object; the body writes its members.
  mutating func object(_ body: (inout JSONWriter) -> Void) {
    openObject()
    body(&self)
    closeObject()
  }

  /// Writes an array; the body writes one element for each item.
  mutating func array<Items: Sequence>(_ items: Items, _ body: (inout JSONWriter, Items.Element) -> Void) {
    openArray()
    for item in items { element { body(&$0, item) } }
    closeArray()
  }

  /// Begins an object; its members and ``closeObject()`` must follow.
  mutating func openObject() { open(UInt8(ascii: "{")) }

  /// Ends an object.
  mutating func closeObject() { close(UInt8(ascii: "}")) }

  /// Begins an array; its elements and ``closeArray()`` must follow.
  mutating func openArray() { open(UInt8(ascii: "[")) }

  /// Ends an array.
  mutating func closeArray() { close(UInt8(ascii: "]")) }

  /// Writes an element of an array that is open; the body writes one value.
  @inline(__always)
  mutating func element(_ body: (inout JSONWriter) -> Void) {
    startElement()
    body(&self)
  }

  /// Writes a key, after which the value must follow.
  ///
  /// Keys are plain ASCII words of the report's own.
  mutating func key(_ name: StaticString) {
    startElement()
    buffer.append(key: name, spaced: layout != .embedded)
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
  fileprivate mutating func literal(_ text: StaticString) { buffer.append(text) }

  /// Writes a number that is text already.
  fileprivate mutating func literal(_ text: String) { for byte in text.utf8 { buffer.append(byte) } }

  /// Writes bytes that are JSON already, of the same layout.
  mutating func raw(_ json: Span<UInt8>) { unsafe json.withUnsafeBufferPointer { unsafe buffer.append($0) } }

  /// Writes an element or a member that is JSON already, of the same layout.
  mutating func rawElement(_ json: Span<UInt8>) {
    startElement()
    raw(json)
  }

  /// Writes the line feed behind a value that stands alone; another value may follow.
  mutating func endLine() {
    buffer.append(UInt8(ascii: "\n"))
    needsComma = false
  }

  /// Writes a whole number.
  fileprivate mutating func number(_ value: some FixedWidthInteger) {
    if value < 0 { buffer.append(UInt8(ascii: "-")) }
    buffer.append(digitsOf: UInt64(value.magnitude))
  }

  /// Writes a string with the escapes of RFC 8259 section 7.
  fileprivate mutating func string(_ text: String) {
    buffer.append(UInt8(ascii: "\""))
    let utf8 = text.utf8Span.span
    let layout = layout
    let isPlain = unsafe utf8.withUnsafeBufferPointer { bytes in
      unsafe buffer.append(bytes, ifAll: { Self.standsForItself($0, layout) })
    }
    if !isPlain { escaped(utf8) }
    buffer.append(UInt8(ascii: "\""))
  }

  /// Writes the bytes of a string of which not all stand for themselves.
  @inline(never)
  private mutating func escaped(_ utf8: Span<UInt8>) {
    for place in utf8.indices {
      if Self.standsForItself(utf8[place], layout) { buffer.append(utf8[place]) } else { escape(utf8[place]) }
    }
  }

  @inline(__always)
  private static func standsForItself(_ byte: UInt8, _ layout: Layout) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
      && !(layout == .embedded && isMarkup(byte))
  }

  /// `<`, `>` and `&`.
  private static func isMarkup(_ byte: UInt8) -> Bool { byte == 0x3C || byte == 0x3E || byte == 0x26 }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      buffer.append(UInt8(ascii: "\\"))
      buffer.append(byte)
    case 0x0A: buffer.append("\\n" as StaticString)
    case 0x09: buffer.append("\\t" as StaticString)
    case _ where byte < 0x20 || (layout == .embedded && Self.isMarkup(byte)):
      buffer.append(byte < 0x10 ? "\\u000" as StaticString : "\\u00")
      literal(String(byte, radix: 16))
    default: buffer.append(byte)
    }
  }

  private mutating func open(_ bracket: UInt8) {
    buffer.append(bracket)
    depth += 1
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    depth -= 1
    if layout == .lines, needsComma && depth < Self.depthOfLines { newLine() }
    buffer.append(bracket)
    needsComma = true
  }

  private mutating func startElement() {
    if needsComma { buffer.append(UInt8(ascii: ",")) }
    if layout == .lines, depth <= Self.depthOfLines {
      newLine()
    } else if needsComma, layout != .embedded {
      buffer.append(UInt8(ascii: " "))
    }
    needsComma = true
  }

  private mutating func newLine() {
    buffer.append(UInt8(ascii: "\n"))
    for _ in 0..<depth { buffer.append(UInt8(ascii: " ")) }
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

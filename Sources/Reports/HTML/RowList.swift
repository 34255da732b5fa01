/// Values of different types in one array: a row of a table.
struct JSONRow: JSONValue {
  let cells: [any JSONValue]

  init(_ cells: any JSONValue...) { self.cells = cells }

  func write(to json: inout JSONWriter) {
    json.array(cells) { json, cell in cell.write(to: &json) }
  }
}

/// An array that is written while it grows, so that its size is known at any time.
struct RowList: JSONValue {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ value: some JSONValue) {
    var json = JSONWriter(.embedded)
    value.write(to: &json)
    if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
    bytes += json.bytes
  }

  func write(to json: inout JSONWriter) {
    json.raw(([UInt8(ascii: "[")] + bytes + [UInt8(ascii: "]")]).span)
  }
}

/// Strings, each once; rows hold their places.
struct WordTable {
  private(set) var all: [String] = []
  /// Roughly what they take.
  private(set) var bytes = 0
  private var places: [String: Int] = [:]

  subscript(word: String) -> Int {
    mutating get {
      if let place = places[word] { return place }
      places[word] = all.count
      all.append(word)
      bytes += word.utf8.count + 3
      return all.count - 1
    }
  }
}

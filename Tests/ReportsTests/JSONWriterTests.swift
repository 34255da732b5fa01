import Foundation
import Testing

@testable import Reports

@Suite struct JSONWriterTests {
  static let nastyStrings = [
    "", "plain", "\"quoted\"", "back\\slash", "a/b", "\u{0}", "\u{1}\u{1F}\u{7F}", "line\nfeed\ttab\r\u{8}\u{C}",
    "\u{2028}\u{2029}", "é ü ß", "日本語", "👩‍👩‍👧‍👦", "e\u{301}", "a\u{FEFF}", "\u{FFFD}", "\u{10FFFF}", "\u{1B}[31mred",
    "\\u0041", "]}\",", String(repeating: "\\\"", count: 500), String(decoding: [0x66, 0xFF, 0xC3], as: UTF8.self),
  ]

  @Test(arguments: nastyStrings)
  func `a string reads back as it was`(_ text: String) throws {
    var json = JSONWriter()
    json.object { $0.member("s", text) }
    let object = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: String]
    // By scalars: `==` of strings would also accept another normal form.
    #expect(object?["s"].map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
  }

  @Test(.enabled(if: Python.path != nil))
  func `python reads the same strings, byte for byte`() throws {
    var json = JSONWriter()
    json.array(Self.nastyStrings + ["\u{FEFF}"]) { $1.write(to: &$0) }
    let said = try Python.run(
      "import json, sys; [print(s.encode().hex()) for s in json.load(sys.stdin.buffer)]", input: json.bytes)
    let expected = (Self.nastyStrings + ["\u{FEFF}"]).map { text in
      text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    #expect(said.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) == expected)
  }

  @Test func `every control character is escaped`() {
    var json = JSONWriter()
    json.object { json in
      for value in 0..<UInt8(0x20) { json.member("k", String(UnicodeScalar(value))) }
    }
    let text = String(decoding: json.bytes, as: UTF8.self).filter { $0 != "\n" }
    #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    #expect(text.contains("\\u0000") && text.contains("\\u001f"))
  }

  @Test(arguments: [
    (0.0, "0.0"), (1.0, "1.0"), (0.1, "0.1"), (1.0 / 3, "0.3333333333333333"), (5e-7, "5e-07"), (-12.5, "-12.5"),
    (.nan, "null"), (.infinity, "null"),
  ])
  func `a ratio is the shortest decimal that reads back`(_ value: Double, _ expected: String) {
    var json = JSONWriter()
    json.array([value]) { $1.write(to: &$0) }
    #expect(String(decoding: json.bytes, as: UTF8.self) == "[\n \(expected)\n]")
  }

  @Test func `keys keep their order, and nothing is left between empty brackets`() {
    var json = JSONWriter()
    json.object {
      $0.member("z", 1)
      $0.member("a") { _ in }
      $0.member("m", [Int]())
      $0.member("none", Int?.none)
      $0.member("nested", [[1, 2], [3]])
    }
    #expect(
      String(decoding: json.bytes, as: UTF8.self) == """
        {
         "z": 1,
         "a": {},
         "m": [],
         "none": null,
         "nested": [
          [1, 2],
          [3]
         ]
        }
        """)
  }
}

import Foundation
import Testing

@testable import Archive

@Suite struct JSONArrayTests {
  static let lists: [[String]] = [
    [], [""], ["", ""], ["isn"], ["isn", "ip-id"], ["\"", "\\", "],["], ["a\nb\tc\u{0}\u{1F}\u{7F}"],
    ["Δack ≠ −Δseq", "👩‍🔬", "e\u{301}"],
  ]

  @Test(arguments: lists) func `texts come back as they were`(texts: [String]) {
    #expect(JSONArray.texts(in: JSONArray.text(of: texts)) == texts)
  }

  @Test(arguments: lists) func `texts are JSON to others`(texts: [String]) throws {
    let json = Data(JSONArray.text(of: texts).utf8)
    #expect(try JSONDecoder().decode([String].self, from: json) == texts)
  }

  @Test(arguments: [[], [0], [1, -2, .max, .min]]) func `integers come back as they were`(numbers: [Int]) throws {
    let json = JSONArray.text(of: numbers)
    #expect(JSONArray.integers(in: json) == numbers)
    #expect(try JSONDecoder().decode([Int].self, from: Data(json.utf8)) == numbers)
  }

  @Test(
    arguments: [
      "", "[", "]", "{}", "[\"a\"", "[\"a]", "[\"a\",]", "[,\"a\"]", "[\"a\"]x", "[]x", "[\"\\x\"]", "[\"\\u00\"]",
      "[\"\\u0041\"]", "[1]", "[\"a\" \"b\"]",
    ])
  func `what we never write is no list of texts`(json: String) {
    #expect(JSONArray.texts(in: json) == nil)
  }

  @Test(arguments: ["", "[", "1,2", "[1.5]", "[\"1\"]", "[1 2]"])
  func `what we never write is no list of integers`(json: String) {
    #expect(JSONArray.integers(in: json) == nil)
  }
}

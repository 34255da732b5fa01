public import Foundation

/// Checks a JSON document against a JSON Schema of the few keywords that `docs/report.schema.json` uses.
///
/// These are `type`, `const`, `enum`, `required`, `properties`, `items`, `minItems`, `maxItems`, `minimum`, `maximum`,
/// `anyOf` and `$ref` into `$defs`. Any other keyword that restricts is an error, so that none is silently passed over.
public struct SchemaChecker {
  private let root: JSON

  /// A checker of the schema in this file.
  public init(schema: URL) throws {
    root = try JSONDecoder().decode(JSON.self, from: Data(contentsOf: schema))
  }

  /// What is wrong with a document, each with its place; nothing for one that is valid.
  public func problems(_ document: [UInt8]) throws -> [String] {
    let value = try JSONDecoder().decode(JSON.self, from: Data(document))
    return problems(value, root, at: "$")
  }

  private func problems(_ value: JSON, _ schema: JSON, at place: String) -> [String] {
    guard case .object(let keywords) = schema else { return ["\(place): the schema is no object"] }
    return keywords.sorted { $0.key < $1.key }.flatMap { keyword, rule in
      problems(value, keyword, rule, keywords, at: place)
    }
  }

  private func problems(
    _ value: JSON, _ keyword: String, _ rule: JSON, _ keywords: [String: JSON], at place: String
  ) -> [String] {
    switch (keyword, rule) {
    case ("$schema", _), ("$defs", _), ("title", _), ("description", _), ("properties", _): return []
    case ("$ref", .string(let name)):
      guard let definition = root["$defs"]?[String(name.dropFirst("#/$defs/".count))] else {
        return ["\(place): \(name) is not defined"]
      }
      return problems(value, definition, at: place)
    case ("type", .string(let type)): return value.isOf(type) ? [] : ["\(place): no \(type)"]
    case ("type", .array(let types)):
      return types.contains { if case .string(let type) = $0 { value.isOf(type) } else { false } }
        ? [] : ["\(place): of none of the types"]
    case ("const", _): return value == rule ? [] : ["\(place): not \(rule)"]
    case ("enum", .array(let words)): return words.contains(value) ? [] : ["\(place): none of the words"]
    case ("anyOf", .array(let schemas)):
      return schemas.contains { problems(value, $0, at: place).isEmpty } ? [] : ["\(place): fits no form"]
    case ("required", .array(let names)): return missing(names, in: value, keywords, at: place)
    case ("items", _):
      guard case .array(let items) = value else { return [] }
      return items.enumerated().flatMap { problems($1, rule, at: "\(place)[\($0)]") }
    case ("minItems", .number(let least)): return value.count ?? least < least ? ["\(place): too short"] : []
    case ("maxItems", .number(let most)): return value.count ?? most > most ? ["\(place): too long"] : []
    case ("minimum", .number(let least)): return value.number ?? least < least ? ["\(place): too small"] : []
    case ("maximum", .number(let most)): return value.number ?? most > most ? ["\(place): too large"] : []
    default: return ["\(place): the keyword \(keyword) is not checked"]
    }
  }

  /// Missing members, and what is wrong with those that are there.
  private func missing(_ names: [JSON], in value: JSON, _ keywords: [String: JSON], at place: String) -> [String] {
    guard case .object(let members) = value else { return [] }
    let lacking = names.compactMap { name -> String? in
      guard case .string(let text) = name, members[text] == nil else { return nil }
      return "\(place): \(text) is missing"
    }
    guard case .object(let properties)? = keywords["properties"] else { return lacking }
    return lacking
      + properties.sorted { $0.key < $1.key }.flatMap { name, schema in
        members[name].map { problems($0, schema, at: "\(place).\(name)") } ?? []
      }
  }
}

/// Any JSON value.
private enum JSON: Decodable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSON].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }

  subscript(name: String) -> JSON? { if case .object(let members) = self { members[name] } else { nil } }
  /// Elements of an array.
  var count: Double? { if case .array(let items) = self { Double(items.count) } else { nil } }
  var number: Double? { if case .number(let number) = self { number } else { nil } }

  func isOf(_ type: String) -> Bool {
    switch (self, type) {
    case (.null, "null"), (.bool, "boolean"), (.number, "number"), (.string, "string"), (.array, "array"),
      (.object, "object"):
      true
    case (.number(let number), "integer"): number == number.rounded()
    default: false
    }
  }
}

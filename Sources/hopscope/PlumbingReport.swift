import Foundation

/// What can be said before anything is compared: the points and what they hold.
struct PlumbingReport {
  let text: String
  let json: String

  private struct Point: Encodable {
    var name: String
    var files: [String]
    var packets: Int
    var link_type: String
    var first_ns: Int64?
    var last_ns: Int64?
  }
  private struct Report: Encodable {
    var points: [Point]
    var remarks: [String]
  }

  /// The points in the order given, else as typed.
  init(points: [PointReading], order: [String]?, remarks: [String]) throws {
    let ordered = order.map { names in names.compactMap { name in points.first { $0.name == name } } } ?? points
    let rows = ordered.map { point in
      Point(
        name: point.name, files: point.files, packets: point.counter.packets,
        link_type: point.linkTypes.joined(separator: ","), first_ns: point.counter.firstNS,
        last_ns: point.counter.lastNS)
    }
    text =
      rows.map { "\($0.name)  \($0.packets) packets  \($0.link_type)  \($0.files.joined(separator: " "))\n" }.joined()
      + remarks.map { "remark: \($0)\n" }.joined()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(Report(points: rows, remarks: remarks))
    json = String(decoding: data, as: UTF8.self) + "\n"
  }
}

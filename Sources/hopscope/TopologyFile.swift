import Foundation

/// The points of a path in their order, as `--topology` gives them.
struct TopologyFile: Decodable, Equatable {
  struct Point: Decodable, Equatable {
    var name: String
    /// The capture of this point: a bare file whose last path component is the same gets this point's name.
    var file: String?
    /// The box that the point is a side of.
    var box: String?
  }
  var points: [Point]

  /// Reads and checks a topology.
  init(path: String) throws(Failure) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path))
    } catch {
      throw .input(.topologyUnreadable(path: path, errno: error.systemNumber))
    }
    do {
      self = try JSONDecoder().decode(TopologyFile.self, from: data)
    } catch let error as DecodingError {
      throw .input(.topologyMalformed(path: path, place: error.place, problem: error.problem))
    } catch {
      throw .input(.topologyMalformed(path: path, place: "", problem: "it is not JSON"))
    }
    var seen: Set<String> = []
    for (index, point) in points.enumerated() where !seen.insert(point.name).inserted {
      let problem = "the name \"\(point.name)\" stands twice"
      throw .input(.topologyMalformed(path: path, place: "points[\(index)]", problem: problem))
    }
  }

  /// The name of the point whose capture is called this, if any.
  func name(forFile path: String) -> String? {
    let file = lastComponent(path)
    return points.first { $0.file.map(lastComponent) == file }?.name
  }

  private func lastComponent(_ path: String) -> Substring {
    path.split(separator: "/").last ?? Substring(path)
  }
}

extension DecodingError {
  fileprivate var place: String {
    let path: [any CodingKey] =
      switch self {
      case .keyNotFound(_, let context), .valueNotFound(_, let context), .typeMismatch(_, let context),
        .dataCorrupted(let context):
        context.codingPath
      @unknown default: []
      }
    return path.reduce(into: "") { text, key in
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
  }

  fileprivate var problem: String {
    switch self {
    case .keyNotFound(let key, _): "the key \"\(key.stringValue)\" is missing"
    case .valueNotFound: "a value is missing"
    case .typeMismatch: "a value is of the wrong type"
    case .dataCorrupted: "it is not JSON"
    @unknown default: "it is not JSON"
    }
  }
}

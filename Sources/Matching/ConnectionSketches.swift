import Flows

/// The features that were taken of connections to match them, kept for those who ask for them again.
struct ConnectionSketches {
  private let features: [Feature]
  private let points: [PointTraffic]

  /// - Parameter features: of any number of connections, each connection's together, in ascending order of connections.
  init(_ features: [Feature], points: [PointTraffic]) {
    self.features = features
    self.points = points
  }

  /// The features of a connection: those that were taken, else taken now.
  func features(of connection: Int, at point: Int) -> [Feature] {
    let wanted = LocalConnection(point: Int32(point), connection: Int32(connection))
    var low = 0
    var high = features.count
    while low < high {
      let middle = (low + high) / 2
      if features[middle].local < wanted { low = middle + 1 } else { high = middle }
    }
    if low < features.count, features[low].local == wanted {
      return Array(features[low...].prefix { $0.local == wanted })
    }
    var extractor = FeatureExtractor()
    var taken: [Feature] = []
    extractor.extract(from: points[point], point: point, connection: connection, into: &taken)
    return taken
  }
}

extension Feature {
  fileprivate var local: LocalConnection { LocalConnection(point: point, connection: connection) }
}

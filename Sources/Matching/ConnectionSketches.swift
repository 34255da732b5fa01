import Flows
import Packets

/// The features that were taken of connections to match them, kept for those who ask for them again.
struct ConnectionSketches {
  /// The features, each connection's together, in ascending order of connections.
  private(set) var features: [Feature] = []
  /// Connections of which only the beginning was looked at, in ascending order.
  private var begun: [LocalConnection] = []
  private let points: [PointTraffic]

  /// Packets that are looked at first of a TCP connection that was seen to open: more than are needed to choose from, so
  /// that a few that a capture lacks make no difference.
  private static let mostOfBeginning = 96

  /// Takes features of the connections that are wanted: of the beginning of those that were seen to open, as captures
  /// that have that choose the same packets of it, and of all packets of the others.
  init(points: [PointTraffic], where isWanted: (LocalConnection) -> Bool) {
    self.points = points
    var extractor = FeatureExtractor()
    for point in points.indices {
      for connection in points[point].connections.indices {
        let local = LocalConnection(point: Int32(point), connection: Int32(connection))
        guard isWanted(local) else { continue }
        let isCut =
          points[point].connections[connection].sawOpening
          && points[point].connections[connection].packets > Self.mostOfBeginning
        if isCut { begun.append(local) }
        extractor.extract(of: local, from: points[point], most: isCut ? Self.mostOfBeginning : .max, into: &features)
      }
    }
  }

  /// Looks at all packets of those connections that are wanted and of which only the beginning was looked at.
  ///
  /// Returns whether there are any.
  mutating func lookAtWhole(where isWanted: (LocalConnection) -> Bool) -> Bool {
    let wanted = begun.filter(isWanted)
    begun = []
    if wanted.isEmpty { return false }
    var extractor = FeatureExtractor()
    var all: [Feature] = []
    all.reserveCapacity(features.count)
    var next = 0
    var start = 0
    while start < features.count {
      let local = features[start].local
      let end = features[start...].firstIndex { $0.local != local } ?? features.endIndex
      if next < wanted.count, wanted[next] == local {
        extractor.extract(of: local, from: points[Int(local.point)], into: &all)
        next += 1
      } else {
        all += features[start..<end]
      }
      start = end
    }
    features = all
    return true
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
    extractor.extract(of: wanted, from: points[point], into: &taken)
    return taken
  }
}

extension PointConnection {
  /// Whether it is a TCP connection whose SYN or SYN/ACK was seen, so that the capture has it from its beginning.
  fileprivate var sawOpening: Bool { clientSide.sawSYN || serverSide.sawSYN }
}

extension Feature {
  fileprivate var local: LocalConnection { LocalConnection(point: point, connection: connection) }
}

import Flows
import Matching
import Packets
import TestSupport

/// Conversations sent along a path, what its points captured of them, and which local connection is which.
struct PathTraffic {
  var path: PathSimulation
  var conversations: [Conversation] = []
  private let names: [String]

  /// A path of points with these clocks, in nanoseconds minus true time.
  init(clocksNS: [Int64], names: [String]? = nil) {
    path = PathSimulation(clocksNS: clocksNS)
    self.names = names ?? clocksNS.indices.map { "p\($0)" }
  }

  /// A path of points whose clocks are in step.
  init(points: Int) { self.init(clocksNS: Array(repeating: 0, count: points)) }

  /// Sends a conversation.
  mutating func send(_ conversation: Conversation) {
    conversations.append(conversation)
    path.send(conversation)
  }

  /// What each point captured.
  func traffic() -> [PointTraffic] {
    path.captures.map { frames in
      var builder = PointBuilder()
      let decoder = PacketDecoder(linkType: .ethernet)
      for (index, frame) in frames.enumerated() {
        builder.add(
          timeNS: frame.timeNS, frame: UInt32(index + 1), wireLength: frame.wireLength, bytes: frame.bytes.span.bytes,
          decoder: decoder)
      }
      return builder.finish()
    }
  }

  /// Matches the points in the order of the path.
  func matched() -> MatchedTraffic {
    MatchedTraffic(inputs: traffic(), names: names, givenOrder: Array(path.points.indices))
  }

  /// Matches the points, given in the order of `permutation`, and infers their order.
  func ordered(_ permutation: [Int]? = nil) -> MatchedTraffic {
    let permutation = permutation ?? Array(path.points.indices)
    let all = traffic()
    return MatchedTraffic(inputs: permutation.map { all[$0] }, names: permutation.map { names[$0] })
  }
}

extension MatchedTraffic {
  /// Each group as the endpoints of its connection at each point, `-` where the point does not have it.
  var legs: [[String]] {
    groups.map { group in
      points.indices.map { point in
        guard group.members[point] >= 0 else { return "-" }
        let connection = points[point].connections[Int(group.members[point])]
        let ends = (connection.client, connection.server)
        let (near, far) = group.flipped[point] ? (ends.1, ends.0) : ends
        return "\(near.address):\(near.port)>\(far.address):\(far.port)"
      }
    }
  }
}

extension Conversation {
  /// The conversation as ``MatchedTraffic/legs`` should show it.
  var expected: [String] {
    legs.map { "\($0.client.address):\($0.client.port)>\($0.server.address):\($0.server.port)" }
  }
}

/// A conversation from a client of number `number` through a path of `points` points, each of which but the first
/// gives it other addresses and ports at both ends.
func translated(_ number: Int, points: Int) -> Conversation {
  Conversation(
    legs: (0..<points).map { point in
      let mixed = (number * 7919 + point * 104_729) % 50_000
      let client =
        point == 0
        ? Endpoint(address: IPAddress(v4: 0x0A01_0000 + UInt32(number)), port: UInt16(10_000 + number % 50_000))
        : Endpoint(address: IPAddress(v4: 0xCB00_7100 + UInt32(point)), port: UInt16(10_000 + mixed))
      return Conversation.Leg(
        client, Endpoint(address: IPAddress(v4: 0xC633_6400 + UInt32(point)), port: UInt16(80 + point)))
    })
}

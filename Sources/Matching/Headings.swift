import Flows
import Packets

/// Tells of each connection whether its client is on the near side of the path, as most are, or on the far side.
///
/// Its own round trips tell, then its TTLs. A connection of one direction and equal TTLs has neither; then the addresses
/// of the others do, as a host that is a client of theirs on the near side is on the near side. What is still not known
/// must not speak on clocks or losses.
struct Headings {
  let points: [PointTraffic]
  /// The points in path order.
  let order: [Int]
  /// Whether the order was given, so that the user's notion of the client stands where nothing contradicts it.
  let orderGiven: Bool
  let sketches: ConnectionSketches

  /// Sets `reversed` and `headingKnown` of the groups.
  func set(_ groups: inout [ConnectionGroup]) {
    var near = Array(repeating: Set<IPAddress>(), count: points.count)
    var far = near
    var unsure: [Int] = []
    for index in groups.indices where groups[index].presentPoints.count > 1 {
      guard let runsBackwards = runsBackwards(groups[index]) else {
        unsure.append(index)
        continue
      }
      groups[index].reversed = runsBackwards
      for point in groups[index].presentPoints {
        let (client, server) = ends(groups[index], point)
        near[point].insert(runsBackwards ? server : client)
        far[point].insert(runsBackwards ? client : server)
      }
    }
    let nothingIsKnown = near.allSatisfy(\.isEmpty)
    for index in unsure {
      let lean = lean(groups[index], near, far)
      groups[index].reversed = lean < 0
      groups[index].headingKnown = lean != 0 || nothingIsKnown || orderGiven
    }
  }

  private func ends(_ group: ConnectionGroup, _ point: Int) -> (client: IPAddress, server: IPAddress) {
    let connection = points[point].connections[Int(group.members[point])]
    return group.flipped[point]
      ? (connection.server.address, connection.client.address)
      : (connection.client.address, connection.server.address)
  }

  /// Whether the group's own packets say that it runs against the order of its points; `nil` if they say nothing.
  private func runsBackwards(_ group: ConnectionGroup) -> Bool? {
    let present = order.filter { group.members[$0] >= 0 }
    guard let first = present.first, let last = present.last, first != last else { return nil }
    let times = AnchorTimes(group: group, points: points, sketches: sketches)
    let (fromClient, fromServer) = times.differences(first, last)
    if let c = fromClient.middle, let s = fromServer.middle, c != s { return c < s }
    for fromClient in [true, false] {
      if let near = PairVotes.ttl(group, points, first, fromClient),
        let far = PairVotes.ttl(group, points, last, fromClient), near != far, abs(near - far) < 32
      {
        return (near > far) != fromClient
      }
    }
    return nil
  }

  /// Positive if the addresses of other connections speak for a client on the near side, negative for the far side.
  private func lean(_ group: ConnectionGroup, _ near: [Set<IPAddress>], _ far: [Set<IPAddress>]) -> Int {
    group.presentPoints.reduce(0) { sum, point in
      let (client, server) = ends(group, point)
      func side(_ address: IPAddress) -> Int {
        (near[point].contains(address) ? 1 : 0) - (far[point].contains(address) ? 1 : 0)
      }
      return sum + side(client) - side(server)
    }
  }
}

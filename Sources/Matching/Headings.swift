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
    var unsure: [Int] = []
    var isAnySure = false
    for index in groups.indices where isAtSeveralPoints(groups[index]) {
      if index + 1 < groups.count { ask(for: groups[index + 1]) }
      guard let runsBackwards = runsBackwards(groups[index]) else {
        unsure.append(index)
        continue
      }
      groups[index].reversed = runsBackwards
      isAnySure = true
    }
    if unsure.isEmpty { return }
    let (near, far) = sides(of: groups, besides: unsure)
    for index in unsure {
      let lean = lean(groups[index], near, far)
      groups[index].reversed = lean < 0
      groups[index].headingKnown = lean != 0 || !isAnySure || orderGiven
    }
  }

  /// Asks for the records of a connection's ends, which are read soon.
  private func ask(for group: ConnectionGroup) {
    if let first = order.first(where: { group.members[$0] >= 0 }) { points[first].ask(for: Int(group.members[first])) }
    if let last = order.last(where: { group.members[$0] >= 0 }) { points[last].ask(for: Int(group.members[last])) }
  }

  private func isAtSeveralPoints(_ group: ConnectionGroup) -> Bool {
    let present = group.presentPoints
    return present.dropFirst().first != nil
  }

  /// The addresses on the near and on the far side of each point, by the connections whose heading is sure.
  private func sides(of groups: [ConnectionGroup], besides unsure: [Int]) -> (
    near: [Set<IPAddress>], far: [Set<IPAddress>]
  ) {
    var near = Array(repeating: Set<IPAddress>(), count: points.count)
    var far = near
    var next = 0
    for index in groups.indices where isAtSeveralPoints(groups[index]) {
      if next < unsure.count, unsure[next] == index {
        next += 1
        continue
      }
      for point in groups[index].presentPoints {
        let (client, server) = ends(groups[index], point)
        near[point].insert(groups[index].reversed ? server : client)
        far[point].insert(groups[index].reversed ? client : server)
      }
    }
    return (near, far)
  }

  private func ends(_ group: ConnectionGroup, _ point: Int) -> (client: IPAddress, server: IPAddress) {
    let connection = points[point].connections[Int(group.members[point])]
    return group.flipped[point]
      ? (connection.server.address, connection.client.address)
      : (connection.client.address, connection.server.address)
  }

  /// Whether the group's own packets say that it runs against the order of its points; `nil` if they say nothing.
  private func runsBackwards(_ group: ConnectionGroup) -> Bool? {
    guard let first = order.first(where: { group.members[$0] >= 0 }),
      let last = order.last(where: { group.members[$0] >= 0 }), first != last
    else { return nil }
    let times = AnchorTimes(group: group, points: points, sketches: sketches, at: [first, last])
    let (fromClient, fromServer) = times.differences(first, last)
    if let c = fromClient, let s = fromServer, c != s { return c < s }
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

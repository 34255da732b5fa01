import Flows

/// Two neighbours of a given order of which round trips say that they stand the other way round.
public struct OrderDoubt: Sendable, Equatable {
  /// Positions of the two: the one that the order has nearer to the clients first.
  public var near, far: Int
  /// Connections whose round trips say so, and all whose round trips say anything of the two.
  public var connections, voting: Int
}

extension OrderDoubt {
  /// Fewer connections may be put the other way round by what their captures stamped late.
  private static let fewest = 3

  /// What round trips say against an order of the points.
  ///
  /// A connection runs through the order one way or the other, and which way is for all of its round trips to say, as they
  /// do by most pairs of points: so it takes three points to find any of them out of place.
  static func all(
    of order: [Int], points: [PointTraffic], groups: [ConnectionGroup], sketches: ConnectionSketches
  ) -> [OrderDoubt] {
    var doubts = order.indices.dropLast().map { OrderDoubt(near: $0, far: $0 + 1, connections: 0, voting: 0) }
    var looked = 0
    for group in groups {
      let passed = order.indices.filter { group.members[order[$0]] >= 0 }
      guard passed.count > 2 else { continue }
      looked += 1
      if looked > PairVotes.mostGroups { break }
      let times = AnchorTimes(group: group, points: points, sketches: sketches, at: group.presentPoints)
      // 1 where the first of two is nearer to the connection's client, −1 where the second is, 0 where nothing tells.
      func sign(_ near: Int, _ far: Int) -> Int {
        let (fromClient, fromServer) = times.differences(order[near], order[far])
        guard let there = fromClient, let back = fromServer else { return 0 }
        return Int((there - back).signum())
      }
      var heading = 0
      for (place, near) in passed.enumerated() { for far in passed[(place + 1)...] { heading += sign(near, far) } }
      if heading == 0 { continue }
      for (near, next) in zip(passed, passed.dropFirst()) where next == near + 1 {
        let said = sign(near, next)
        if said != 0 { doubts[near].voting += 1 }
        if said == -heading.signum() { doubts[near].connections += 1 }
      }
    }
    return doubts.filter { $0.connections >= fewest && $0.connections * 10 > $0.voting * 9 }
  }
}

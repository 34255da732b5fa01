import Flows
import Packets

/// Finds packets that left a NAT box untranslated: behind the box they have the addresses that they had before it.
///
///     fw1-in    10.1.0.10:4000 → 198.51.100.80:80        one connection
///     fw1-out   203.0.113.2:9000 → 198.51.100.80:80      its translated packets
///               10.1.0.10:4000 → 198.51.100.80:80        those that connection tracking had forgotten
///
/// Such a stray is a local connection without a handshake, whose addresses are another group's at another point, and
/// whose packets are that group's packets there.
struct NATLeaks {
  let points: [PointTraffic]

  /// Packets of a stray that are compared.
  private static let mostPackets = 64

  fileprivate struct Addresses: Hashable {
    var transport: UInt8
    var client: Endpoint
    var server: Endpoint
  }

  /// Joins strays to the groups that they belong to, and returns the groups that are left.
  func join(_ groups: [ConnectionGroup]) -> [ConnectionGroup] {
    let strays = groups.indices.filter { isStray(groups[$0]) }
    guard !strays.isEmpty else { return groups }
    let wanted = Set(
      strays.flatMap { index in
        groups[index].presentPoints.flatMap { point -> [Addresses] in
          let addresses = addresses(groups[index], point)
          return [addresses, addresses.reversed]
        }
      })
    var homes: [Addresses: [(group: Int, point: Int)]] = [:]
    for (index, group) in groups.enumerated() where !isStray(group) {
      for point in group.presentPoints {
        let addresses = addresses(group, point)
        if wanted.contains(addresses) { homes[addresses, default: []].append((index, point)) }
      }
    }
    var joined = groups
    var gone: Set<Int> = []
    for stray in strays {
      guard let home = home(of: groups[stray], homes, groups) else { continue }
      gone.insert(stray)
      for point in groups[stray].presentPoints {
        let flipped = groups[stray].flipped[point] != home.isTurned
        joined[home.group].leaks.append(
          ConnectionGroup.Leak(point: point, connection: groups[stray].members[point], flipped: flipped))
      }
    }
    // A stray is nobody's rival, so no reference to one is lost.
    let left = joined.indices.filter { !gone.contains($0) }
    let newIndex = Dictionary(uniqueKeysWithValues: left.enumerated().map { ($0.element, $0.offset) })
    return left.map { index in
      var group = joined[index]
      group.ambiguousWith = group.ambiguousWith.compactMap { newIndex[$0] }
      return group
    }
  }

  private func isStray(_ group: ConnectionGroup) -> Bool {
    group.ambiguousWith.isEmpty
      && group.presentPoints.allSatisfy {
        points[$0].connections[Int(group.members[$0])].orientation >= .firstDatagram
      }
  }

  private func addresses(_ group: ConnectionGroup, _ point: Int) -> Addresses {
    let connection = points[point].connections[Int(group.members[point])]
    let turned = group.flipped[point]
    return Addresses(
      transport: connection.transport, client: turned ? connection.server : connection.client,
      server: turned ? connection.client : connection.server)
  }

  /// The group that a stray's packets belong to, and whether its notion of the client is opposite.
  private func home(
    of stray: ConnectionGroup, _ homes: [Addresses: [(group: Int, point: Int)]], _ groups: [ConnectionGroup]
  ) -> (group: Int, isTurned: Bool)? {
    for point in stray.presentPoints {
      let own = addresses(stray, point)
      for (wanted, isTurned) in [(own, false), (own.reversed, true)] {
        for home in homes[wanted] ?? [] where home.point != point && groups[home.group].members[point] >= 0 {
          if sharesPackets(stray, point, groups[home.group], home.point) { return (home.group, isTurned) }
        }
      }
    }
    return nil
  }

  /// Whether a packet of the stray is in the group at another point, by all that NAT leaves alone.
  private func sharesPackets(_ stray: ConnectionGroup, _ point: Int, _ group: ConnectionGroup, _ home: Int) -> Bool {
    var keys: Set<PacketKey> = []
    for record in points[point].packets(of: Int(stray.members[point]), most: Self.mostPackets) {
      keys.insert(PacketKey(record))
    }
    return points[home].packets(of: Int(group.members[home])).contains { keys.contains(PacketKey($0)) }
  }

  private struct PacketKey: Hashable {
    var sequence: UInt32
    var ipID: UInt16
    var payloadLength: UInt32
    var flags: UInt8
    var digest: UInt64

    init(_ record: PacketRecord) {
      sequence = record.sequence
      ipID = record.ipID
      payloadLength = record.payloadLength
      flags = record.flags
      digest = record.digest
    }
  }
}

extension NATLeaks.Addresses {
  fileprivate var reversed: NATLeaks.Addresses {
    NATLeaks.Addresses(transport: transport, client: server, server: client)
  }
}

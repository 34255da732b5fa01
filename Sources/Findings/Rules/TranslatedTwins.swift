import Flows
import Packets

/// Connections that one capture holds before and after a box between them translated the addresses.
struct TranslatedTwins {
  /// How many were found twice, among the first ones of the capture.
  private(set) var count = 0
  /// The first of them, as both sides have it: indices of connections.
  private(set) var first: (Int, Int)?

  /// What both sides saw is close together, so the first connections tell as much as all.
  private static let looked = 10_000
  /// A SYN passes a box within this time, in nanoseconds.
  private static let longestPassage: Int64 = 1_000_000_000

  /// Both initial sequence numbers: 32 random bits each, which hardly a translation changes and no other connection has.
  private struct Numbers: Hashable {
    let client: UInt32
    let server: UInt32
  }

  init(_ connections: some RandomAccessCollection<PointConnection>) {
    var seen: [Numbers: Int] = [:]
    var twins: [Numbers: (Int, Int)] = [:]
    var common: Set<Numbers> = []
    for (index, connection) in connections.prefix(Self.looked).enumerated() {
      guard connection.transport == TransportProtocol.tcp, connection.clientSide.sawSYN, connection.serverSide.sawSYN
      else { continue }
      let numbers = Numbers(
        client: connection.clientSide.initialSequence, server: connection.serverSide.initialSequence)
      // What counts from 0 or 1 is not random.
      guard min(numbers.client, numbers.server) > 1 else { continue }
      guard let earlier = seen[numbers] else {
        seen[numbers] = index
        continue
      }
      let other = connections[connections.index(connections.startIndex, offsetBy: earlier)]
      guard other.client != connection.client || other.server != connection.server else { continue }
      let isClose = connection.firstNS.subtracting(other.firstNS) <= Self.longestPassage
      // Numbers that one opening after another has were chosen by who made the traffic, and not at random.
      if twins.updateValue((earlier, index), forKey: numbers) != nil || !isClose { common.insert(numbers) }
    }
    let random = twins.filter { !common.contains($0.key) }.values
    count = random.count
    first = random.min { $0.1 < $1.1 }
  }
}

extension Int64 {
  /// How far it is from another, clamped.
  fileprivate func subtracting(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? .max : Int64(clamping: difference.magnitude)
  }
}

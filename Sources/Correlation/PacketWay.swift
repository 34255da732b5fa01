import Matching
public import Packets
public import Verdicts

/// One packet of a connection and the points that have it, for those who want to see single packets.
public struct PacketWay: Sendable {
  /// The packet's direction.
  public var direction: Direction
  /// The packet at the first point that has it.
  public var record: PacketRecord
  /// Whether ``record`` is a TCP segment.
  public var isTCP: Bool
  /// Stream offset of its first byte; 0 is the SYN.
  public var offset: Int64
  /// Stream offset that it acknowledges, meaningful with the ACK bit.
  public var ackOffset: Int64
  /// Where it was seen, upstream first.
  public var sightings: [PacketEvent.Sighting]
  /// Whether the last sighting is at the last point of its way.
  public var isComplete: Bool
  /// Whether it goes on as part of another packet, at which its way ends here.
  public var isMerged: Bool
}

extension Correlator {
  /// Joins the packets of one connection once more and returns the way of each, by direction and first point.
  ///
  /// A packet that was cut has a way for each part; all parts begin at the points that have the whole.
  public func ways(of group: Int) -> [PacketWay] {
    connections.joinedTraces(of: group).flatMap { direction, trace in
      WayFinder(direction: direction, trace: trace).ways()
    }
  }
}

extension ConnectionCorrelator {
  /// The joined traces of a connection, those from the client first; none where it is not followed.
  fileprivate func joinedTraces(of index: Int) -> [(Direction, DirectionTrace)] {
    let group = matched.groups[index]
    guard group.ambiguousWith.isEmpty, group.headingKnown else { return [] }
    var traces = TraceLoader(group: group, points: matched.points).load(path.paths(of: group))
    return Direction.allCases.map { direction in
      join(&traces[direction], direction)
      return (direction, traces[direction])
    }
  }
}

/// Follows the links of one direction from point to point.
private struct WayFinder {
  let direction: Direction
  let trace: DirectionTrace

  func ways() -> [PacketWay] {
    var indices: [Int] = []
    return trace.ranges.joined().compactMap { index in
      let start = trace.transmissions[index]
      indices.removeAll(keepingCapacity: true)
      if start.previous >= 0 {
        // The further parts of a packet that was cut: the first one is on the way of the whole.
        guard trace.transmissions[Int(start.previous)].next != Int32(index) else { return nil }
        addWhole(of: Int(start.previous), to: &indices)
      }
      indices.append(index)
      return way(of: index, &indices)
    }
  }

  /// Adds the sightings of a packet up to this one, upstream first, where there are none yet.
  private func addWhole(of index: Int, to indices: inout [Int]) {
    indices.append(index)
    while let first = indices.first, trace.transmissions[first].previous >= 0 {
      indices.insert(Int(trace.transmissions[first].previous), at: 0)
    }
  }

  /// The way of a packet whose sightings up to its own one are known.
  private func way(of own: Int, _ indices: inout [Int]) -> PacketWay? {
    var isMerged = false
    while let last = indices.last, trace.transmissions[last].next >= 0, !isMerged {
      let next = Int(trace.transmissions[last].next)
      isMerged = trace.transmissions[next].previous != Int32(last)
      indices.append(next)
    }
    guard let last = indices.last else { return nil }
    let (packet, end) = (trace.transmissions[own], trace.transmissions[last])
    let isComplete = Int(end.place) == trace.path.count - 1
    // A twin that no later point has was made by the capture, not by the network.
    if packet.copyOf >= 0, own == last, !isComplete { return nil }
    return PacketWay(
      direction: direction, record: packet.record, isTCP: trace.isTCP && !packet.record.isICMPError,
      offset: packet.offset, ackOffset: packet.ackOffset,
      sightings: indices.map {
        PacketEvent.Sighting(
          position: trace.position($0), frame: trace.transmissions[$0].record.frame,
          timeNS: trace.transmissions[$0].record.timeNS)
      }, isComplete: isComplete, isMerged: isMerged)
  }
}

extension CorrelationTally {
  /// One-way delays of a segment in nanoseconds, ascending: of all packets, or of every second, fourth, … of many.
  ///
  /// - Parameter offset: offset of the far point's clock minus the near one's, at a time by the near one.
  public func delaySamples(_ pair: PointPair, towardsFar: Bool, offset: (Int64) -> Int64) -> [Int64] {
    guard let segment = segments[pair] else { return [] }
    let sign: Int64 = towardsFar ? 1 : -1
    return (towardsFar ? segment.towardsFar : segment.towardsNear).samples
      .map { sign * ($0.differenceNS - offset($0.nearNS)) }.sorted()
  }

  /// One-way delays of a segment, each with the time at which its packet passed the upstream point, by that time.
  ///
  /// Both in nanoseconds, the time by the upstream point's clock. Of many packets, of every second, fourth, ….
  ///
  /// - Parameter offset: offset of the far point's clock minus the near one's, at a time by the near one.
  public func timedDelays(
    _ pair: PointPair, towardsFar: Bool, offset: (Int64) -> Int64
  ) -> [(sentNS: Int64, delayNS: Int64)] {
    guard let segment = segments[pair] else { return [] }
    let sign: Int64 = towardsFar ? 1 : -1
    return (towardsFar ? segment.towardsFar : segment.towardsNear).samples.map {
      (
        sentNS: towardsFar ? $0.nearNS : $0.nearNS + $0.differenceNS,
        delayNS: sign * ($0.differenceNS - offset($0.nearNS))
      )
    }.sorted { $0 < $1 }
  }
}

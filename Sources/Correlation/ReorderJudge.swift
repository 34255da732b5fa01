import Packets
import Verdicts

/// Finds packets that arrived after one that was sent later, against the order at the upstream point (RFC 4737, 3).
///
/// A retransmission is a packet of its own and in order; only packets linked to their upstream sighting are compared.
public struct ReorderJudge {
  let context: TraceContext
  /// Extents are counted up to this number of packets.
  private static let farthest = 1000
  /// Capturing on several processors or queues changes the order of neighbours by some microseconds, whatever their number.
  private static let perhapsLateNS: Int64 = 20_000
  /// A packet that took so much longer than one that overtook it was reordered by the path, in nanoseconds; below, several
  /// show it, as a host with several processors forwards or captures a few so.
  public static let surelyLateNS: Int64 = 100_000

  func judge(into tally: inout CorrelationTally, _ memory: inout JudgesMemory) {
    let trace = context.trace
    let transmissions = trace.transmissions
    for place in trace.path.indices.dropFirst() {
      var (newest, newestIndex) = memory.newest(place, in: trace)
      defer { memory.setNewest(place, newestIndex) }
      for index in trace.part(place) {
        let previous = transmissions[index].previous
        guard transmissions[index].copyOf < 0, trace.ranges[place - 1].contains(Int(previous)) else { continue }
        // Of copies that were made before nothing tells which is which, nor from those that are made here.
        if trace.hasCopies, transmissions[Int(previous)].copyOf >= 0 { continue }
        if previous >= newest {
          (newest, newestIndex) = (previous, index)
          continue
        }
        let transmission = transmissions[index]
        // Several arrivals cut from one packet have its place in the order.
        if transmission.link == .range, trace.transmissions[newestIndex].link == .range { continue }
        let lateness = lateness(of: index, behind: newestIndex)
        if lateness < Self.perhapsLateNS {
          tally.closeOrder[context.pair(place - 1, place), default: 0] += 1
          continue
        }
        var event = context.event(
          .reorder, index, between: context.pair(place - 1, place), evidence: .overtaken,
          confidence: 0.98 * transmission.linkConfidence)
        event.upstream = context.sighting(Int(previous))
        event.downstream = context.sighting(index)
        (event.count, event.lateNS) = overtakers(of: index, previous, place)
        if lateness >= Self.surelyLateNS { tally.addReordering(event) } else { tally.addSlightReordering(event) }
      }
    }
  }

  /// By how much longer a packet took than one that overtook it, in nanoseconds.
  private func lateness(of late: Int, behind overtaker: Int) -> Int64 {
    let trace = context.trace
    func transit(_ index: Int) -> Int64 {
      let arrival = trace.transmissions[index]
      return arrival.timeNS - trace.transmissions[Int(arrival.previous)].timeNS
    }
    return transit(late) - transit(overtaker)
  }

  /// How many packets that were sent later arrived before it (RFC 4737, 4.2: the reordering extent), and how long after
  /// the first of them it came (4.3: the late time offset), in nanoseconds.
  private func overtakers(of index: Int, _ previous: Int32, _ place: Int) -> (extent: Int, lateNS: Int64) {
    let trace = context.trace
    var extent = 0
    var first = index
    var earlier = index - 1
    while earlier >= max(trace.ranges[place].lowerBound, index - Self.farthest) {
      if trace.transmissions[earlier].previous > previous {
        extent += 1
        first = earlier
      }
      earlier -= 1
    }
    return (extent, trace.transmissions[index].timeNS - trace.transmissions[first].timeNS)
  }
}

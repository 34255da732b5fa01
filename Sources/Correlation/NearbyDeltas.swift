import Matching
import Packets
import Verdicts

/// How long packets took to another point just when one passed, where that tells more than how long they usually take: a
/// clock may have been set since.
extension TraceContext {
  /// Whether something holds for each time that a packet may have taken to another place of the path, in nanoseconds by the
  /// clocks of the two points.
  ///
  /// That is what the connection's own packets around it took; without those what others took just then; mostly the usual
  /// time.
  func holds(of index: Int, to place: Int, forEachDelta isSo: (Int64) -> Bool) -> Bool {
    let here = Int(trace.transmissions[index].place)
    let (one, other) = (trace.path[here], trace.path[place])
    if let around = surerDelta(around: index, .to(place), model.usualDelta(direction, from: one, to: other) ?? 0) {
      return isSo(around)
    }
    return model.deltas(direction, from: one, to: other, at: trace.transmissions[index].timeNS).allSatisfy(isSo)
  }

  /// The time that a packet took from the place before, if what is known of those around it holds for it.
  func deltaFromBefore(of index: Int) -> Int64 {
    let here = Int(trace.transmissions[index].place)
    let usual = model.usualDelta(direction, from: trace.path[here - 1], to: trace.path[here]) ?? 0
    return surerDelta(around: index, .from(here - 1), usual) ?? usual
  }

  /// The usual time, or that of the packets around one where no queue makes up the difference; `nil` if none of them is known
  /// to have gone that way.
  private func surerDelta(around index: Int, _ way: NearbyDeltas.Way, _ usual: Int64) -> Int64? {
    let nearby = NearbyDeltas(trace, index, way)
    guard let nearest = nearby.nearest else { return nil }
    if Self.isQueueing(nearest, usual) { return usual }
    let middle = nearby.middle ?? nearest
    return Self.isQueueing(middle, usual) ? usual : middle
  }

  private static func isQueueing(_ delta: Int64, _ usual: Int64) -> Bool {
    delta.differenceSaturated(from: usual).magnitude <= Coverage.longestQueueNS.magnitude
  }
}

/// The times that packets around one of a trace took.
private struct NearbyDeltas {
  /// Between their place and which other one.
  enum Way {
    case to(Int)
    case from(Int)
  }

  private let trace: DirectionTrace
  private let index: Int
  private let way: Way

  /// Packets before and behind that are looked at.
  private static let most = 64
  /// Packets before, and as many behind, whose times are taken.
  private static let taken = 3

  init(_ trace: DirectionTrace, _ index: Int, _ way: Way) {
    self.trace = trace
    self.index = index
    self.way = way
  }

  /// The time of the nearest packet before, or else behind.
  var nearest: Int64? {
    for neighbour in before { if let time = time(of: neighbour) { return time } }
    for neighbour in behind { if let time = time(of: neighbour) { return time } }
    return nil
  }

  /// The time in the middle of those of some before and behind.
  var middle: Int64? {
    let earlier = before.lazy.compactMap { time(of: $0) }.prefix(Self.taken)
    let later = behind.lazy.compactMap { time(of: $0) }.prefix(Self.taken)
    let times = Array(earlier) + Array(later)
    return times.sorted().middle
  }

  private var range: Range<Int> { trace.ranges[Int(trace.transmissions[index].place)] }

  private var before: ReversedCollection<Range<Int>> {
    (max(range.lowerBound, index - Self.most)..<index).reversed()
  }

  private var behind: Range<Int> { index + 1..<max(index + 1, min(range.upperBound, index + 1 + Self.most)) }

  private func time(of neighbour: Int) -> Int64? {
    let packets = trace.transmissions
    switch way {
    case .to(let place):
      let there = Int(packets[neighbour].next)
      guard there >= 0, Int(packets[there].place) == place else { return nil }
      return packets[there].timeNS.differenceSaturated(from: packets[neighbour].timeNS)
    case .from(let place):
      let before = Int(packets[neighbour].previous)
      guard before >= 0, Int(packets[before].place) == place else { return nil }
      return packets[neighbour].timeNS.differenceSaturated(from: packets[before].timeNS)
    }
  }
}

extension Int64 {
  /// This minus another, or the nearest number there is.
  func differenceSaturated(from other: Int64) -> Int64 {
    let (difference, isTooLong) = subtractingReportingOverflow(other)
    return isTooLong ? (self > other ? .max : .min) : difference
  }
}

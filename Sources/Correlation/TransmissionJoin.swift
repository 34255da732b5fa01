import Packets
import Verdicts

/// Pairs the transmissions of two points of a path: first those that agree in all that survives, in order; then, among
/// what is left, the best by score; then by byte range.
///
/// Rejected: a set difference by one key. It calls every copy of a retransmission delivered if one is, and everything
/// lost where a box changes a single field.
struct TransmissionJoin {
  /// What survives between the two points.
  let survival: FeatureSurvival
  /// Usual time from the upstream to the downstream point by their own clocks, in nanoseconds; `nil` if not known.
  let usualDelta: Int64?
  /// The least such time, less what the clocks may have drifted: nothing arrives earlier.
  let leastDelta: Int64?
  private let ipIDIsUsable: Bool
  private let timestampIsUsable: Bool
  private let acknowledgementIsUsable: Bool

  /// A join of what passes from one position to another, where this survives.
  init(_ survival: FeatureSurvival, _ model: PairModel, _ direction: Direction, from one: Int, to other: Int) {
    self.init(
      survival: survival, usualDelta: model.usualDelta(direction, from: one, to: other),
      leastDelta: model.leastDelta(direction, from: one, to: other))
  }

  init(survival: FeatureSurvival, usualDelta: Int64?, leastDelta: Int64?) {
    self.survival = survival
    self.usualDelta = usualDelta
    self.leastDelta = leastDelta
    ipIDIsUsable = survival.ipID.isUsable
    timestampIsUsable = survival.timestamp.isUsable
    acknowledgementIsUsable = survival.acknowledgement.isUsable
  }

  /// How far ahead in the upstream order a packet is looked for before it is left to the scored join.
  static let window = 24

  /// Links what can be linked and returns what is left on both sides, in order: upstream also what was found in part.
  func join(_ trace: inout DirectionTrace, up: [Int32], down: [Int32]) -> (up: [Int32], down: [Int32]) {
    if !trace.madeInPart.isEmpty, down.contains(where: { trace.madeInPart[$0] != nil }) {
      return joinBesideMadeInPart(&trace, up: up, down: down)
    }
    var passedOver: [PassedOver] = []
    defer { putCopiesInOrder(&trace, up, passedOver) }
    var delta = usualDelta
    var leftDown = inOrder(&trace, up: up, down: down, from: &delta, &passedOver)
    var leftUp = up.filter { trace.transmissions[Int($0)].next < 0 || trace.transmissions[Int($0)].isFoundInPart }
    if leftUp.isEmpty || leftDown.isEmpty { return (leftUp, leftDown) }
    ScoredJoin(survival: survival, usualDelta: usualDelta, leastDelta: leastDelta).join(
      &trace, up: leftUp, down: leftDown)
    leftUp.removeAll { trace.transmissions[Int($0)].next >= 0 && !trace.transmissions[Int($0)].isFoundInPart }
    leftDown.removeAll { trace.transmissions[Int($0)].previous >= 0 }
    if !leftUp.isEmpty, !leftDown.isEmpty {
      if trace.isTCP {
        RangeJoin(survival: survival, usualDelta: usualDelta, leastDelta: leastDelta).join(
          &trace, up: leftUp, down: leftDown)
      } else {
        FragmentJoin(usualDelta: usualDelta).join(&trace, up: leftUp, down: leftDown)
        DatagramJoin(usualDelta: usualDelta).join(&trace, up: leftUp, down: leftDown)
      }
      leftUp.removeAll { trace.transmissions[Int($0)].next >= 0 && !trace.transmissions[Int($0)].isFoundInPart }
      leftDown.removeAll { trace.transmissions[Int($0)].previous >= 0 && trace.madeInPart[$0] == nil }
    }
    return (leftUp, leftDown)
  }

  /// Links what can be linked where some of what is downstream has senders for a part of its bytes already.
  private func joinBesideMadeInPart(
    _ trace: inout DirectionTrace, up: [Int32], down: [Int32]
  ) -> (up: [Int32], down: [Int32]) {
    // None of them is the same packet as one that is left upstream; and what is in part there comes anew.
    let known = trace.madeInPart
    trace.madeInPart = [:]
    var (leftUp, leftDown) = join(&trace, up: up, down: down.filter { known[$0] == nil })
    trace.madeInPart.merge(known) { new, _ in new }
    leftDown = down.filter { trace.transmissions[Int($0)].previous < 0 || trace.madeInPart[$0] != nil }
    if !leftUp.isEmpty {
      FragmentJoin(usualDelta: usualDelta).join(&trace, up: leftUp, down: leftDown)
      leftUp.removeAll { trace.transmissions[Int($0)].next >= 0 && !trace.transmissions[Int($0)].isFoundInPart }
      leftDown.removeAll { trace.transmissions[Int($0)].previous >= 0 && trace.madeInPart[$0] == nil }
    }
    return (leftUp, leftDown)
  }

  /// Links what agrees in everything that survives, in order, and returns what is left on both sides.
  ///
  /// Nothing upstream may have a next one so far, nothing downstream a previous one.
  func joinInOrder(_ trace: inout DirectionTrace, up: Range<Int>, down: Range<Int>) -> (up: [Int32], down: [Int32]) {
    // Most connections lose nothing on most segments, and need no lists of what is left.
    var delta = usualDelta
    var linked = 0
    while linked < min(up.count, down.count),
      linkNext(trace.transmissions, up.lowerBound + linked, down.lowerBound + linked, &delta)
    {
      linked += 1
    }
    if linked == down.count { return (up.dropFirst(linked).map(Int32.init), []) }
    return joinInOrder(
      &trace, up: up.dropFirst(linked).map(Int32.init), down: down.dropFirst(linked).map(Int32.init), after: &delta)
  }

  /// Links in the same way what is given by index, in the order of capture.
  ///
  /// - Parameter delta: the time that the packet before took, if that is known, and then that of the last one.
  func joinInOrder(
    _ trace: inout DirectionTrace, up: [Int32], down: [Int32], after delta: inout Int64?
  ) -> (up: [Int32], down: [Int32]) {
    var passedOver: [PassedOver] = []
    let leftDown = inOrder(&trace, up: up, down: down, from: &delta, &passedOver)
    putCopiesInOrder(&trace, up, passedOver)
    return (
      up.filter { trace.transmissions[Int($0)].next < 0 || trace.transmissions[Int($0)].isFoundInPart }, leftDown
    )
  }

  /// A copy that could not be told from the one which was taken for an arrival, and was sent before it.
  private struct PassedOver {
    /// Its place among what is upstream.
    var place: Int
    var arrival: Int32
  }

  /// One pass in the order of arrival, with a short look ahead for losses and reordering.
  ///
  /// - Parameter delta: the time that the packet before took, and then that of the last one.
  private func inOrder(
    _ trace: inout DirectionTrace, up: [Int32], down: [Int32], from delta: inout Int64?,
    _ passedOver: inout [PassedOver]
  ) -> [Int32] {
    var left: [Int32] = []
    var state = InOrder(delta: delta)
    defer { delta = state.delta }
    while true {
      linkRun(trace.transmissions, up: up, down: down, &state)
      if state.arrival == down.count { return left }
      let arrival = down[state.arrival]
      state.arrival += 1
      guard
        let found = firstMatch(trace, up, from: state.head, arrival)
          ?? matchInTime(trace, up, after: state.head, arrival, state.delta)
      else {
        left.append(arrival)
        continue
      }
      let place = latestCopy(trace, up, from: found, arrival, state.delta)
      if place > found { passedOver.append(PassedOver(place: found, arrival: arrival)) }
      Self.link(&trace, up[place], arrival, .exact)
      state.farthest = max(state.farthest, place)
      state.delta =
        trace.transmissions[Int(arrival)].timeNS - trace.transmissions[Int(up[place])].timeNS
      // What lies further behind than the window is left to the scored join, so that a loss does not block the head.
      state.head = max(state.head, place - Self.window)
    }
  }

  /// Lets copies that cannot be told apart arrive in the order in which they were sent: nothing shows another.
  ///
  /// Which of them arrived stays as it is.
  private func putCopiesInOrder(_ trace: inout DirectionTrace, _ up: [Int32], _ passedOver: [PassedOver]) {
    for copy in passedOver {
      let (taken, arrival) = (Int(trace.transmissions[Int(copy.arrival)].previous), Int(copy.arrival))
      guard taken >= 0 else { continue }
      var sent: [Int32] = []
      var arrived: [Int32] = []
      for place in copy.place..<min(copy.place + Self.mostPlacesOfCopies, up.count) {
        let next = trace.transmissions[Int(up[place])].next
        guard next >= 0, trace.transmissions[Int(next)].place == trace.transmissions[arrival].place,
          trace.transmissions[Int(next)].previous == up[place], agrees(trace.transmissions, Int(up[place]), arrival),
          agrees(trace.transmissions, taken, Int(next))
        else { continue }
        sent.append(up[place])
        arrived.append(next)
      }
      arrived.sort()
      for (sender, arrival) in zip(sent, arrived) where trace.transmissions[Int(sender)].next != arrival {
        Self.link(&trace, sender, arrival, .exact)
      }
    }
  }

  private static let mostPlacesOfCopies = 4 * window

  /// How far the pass has come.
  private struct InOrder {
    /// The next packet upstream that may be without its arrival.
    var head = 0
    /// The next arrival.
    var arrival = 0
    /// The time that the last packet took.
    var delta: Int64?
    /// Place of the packet that was sent last of those that have arrived.
    var farthest = -1
  }

  /// Links packets as long as each arrival is the very next one upstream, or the one after what arrived of those sent last,
  /// and cannot be mistaken for a copy.
  private func linkRun(
    _ packets: TransmissionBuffer, up: [Int32], down: [Int32], _ state: inout InOrder
  ) {
    let (up, down) = (up.span, down.span)
    while state.arrival < down.count {
      while state.head < up.count, packets[Int(up[state.head])].next >= 0 { state.head += 1 }
      if state.head == up.count { return }
      // What others overtook may have been lost, and this be its repeat.
      if state.head < state.farthest, !ipIDTellsCopiesApart(packets, Int(down[state.arrival])) { return }
      if linkNext(packets, Int(up[state.head]), Int(down[state.arrival]), &state.delta) {
        state.farthest = max(state.farthest, state.head)
        state.head += 1
      } else {
        // Behind what never arrived the others mostly come in order.
        let following = state.farthest + 1
        guard following > state.head, following < up.count, packets[Int(up[following])].next < 0,
          !isAny(of: up.extracting(state.head..<following), equalTo: Int(up[following]), packets),
          linkNext(packets, Int(up[following]), Int(down[state.arrival]), &state.delta)
        else { return }
        state.farthest = following
        state.head = max(state.head, following - Self.window)
      }
      state.arrival += 1
    }
  }

  /// Whether any of these packets that has not arrived may be a copy of another one.
  @inline(__always)
  private func isAny(of earlier: Span<Int32>, equalTo other: Int, _ packets: TransmissionBuffer) -> Bool {
    for place in earlier.indices where packets[Int(earlier[place])].next < 0 {
      if packets[Int(earlier[place])].offset == packets[other].offset,
        packets[Int(earlier[place])].record.ipID == packets[other].record.ipID
      {
        return true
      }
    }
    return false
  }

  /// Links two packets if they agree and cannot be mistaken for copies of others.
  ///
  /// - Parameter delta: the time that the packet before took, from now on that of this one.
  @inline(__always)
  private func linkNext(_ packets: TransmissionBuffer, _ here: Int, _ there: Int, _ delta: inout Int64?) -> Bool {
    let took = packets[there].timeNS - packets[here].timeNS
    if let leastDelta, took < leastDelta - ScoredJoin.impossibleLeadNS, !packets[there].isUntimed { return false }
    guard agrees(packets, here, there), delta == nil || tellsCopiesApart(packets, there) else { return false }
    packets[here].next = Int32(there)
    packets[here].bytesFound = packets[here].payloadLength
    packets[there].previous = Int32(here)
    packets[there].link = .exact
    if !packets[here].isUntimed, !packets[there].isUntimed { delta = took }
    return true
  }

  /// Looks where the packet should be by its time, where the head hangs on packets that never arrived.
  private func matchInTime(
    _ trace: DirectionTrace, _ up: [Int32], after head: Int, _ arrival: Int32, _ delta: Int64?
  ) -> Int? {
    guard let delta else { return nil }
    let sent = trace.transmissions[Int(arrival)].timeNS - delta - Self.lookBackNS
    var low = head
    var high = up.count
    while low < high {
      let middle = (low + high) / 2
      if trace.transmissions[Int(up[middle])].timeNS < sent { low = middle + 1 } else { high = middle }
    }
    return low > head ? firstMatch(trace, up, from: low, arrival) : nil
  }

  /// A packet that should have been sent at a time is looked for from so long before.
  private static let lookBackNS: Int64 = 20_000_000

  private func firstMatch(_ trace: DirectionTrace, _ up: [Int32], from head: Int, _ arrival: Int32) -> Int? {
    let packets = trace.transmissions
    let arrivedNS = packets[Int(arrival)].timeNS
    var place = head
    var looked = 0
    while place < up.count, looked < Self.window {
      let candidate = Int(up[place])
      // Nothing arrives before it was sent.
      if let leastDelta, arrivedNS - packets[candidate].timeNS < leastDelta - ScoredJoin.impossibleLeadNS,
        !packets[Int(arrival)].isUntimed
      {
        return nil
      }
      if packets[candidate].next < 0 {
        if agrees(packets, candidate, Int(arrival)) { return place }
        looked += 1
      }
      place += 1
    }
    return nil
  }

  /// Where copies of a segment cannot be told apart, the one sent last before the arrival is the likely one.
  private func latestCopy(
    _ trace: DirectionTrace, _ up: [Int32], from found: Int, _ arrival: Int32, _ delta: Int64?
  ) -> Int {
    let packets = trace.transmissions
    guard let delta, !ipIDTellsCopiesApart(packets, Int(arrival)) else { return found }
    let arrivedNS = packets[Int(arrival)].timeNS
    let gap = packets[Int(arrival)].takesSequence ? Self.repairGapNS : Self.acknowledgementGapNS
    var best = found
    // Whether packets that were sent after the best one have arrived.
    var isOvertaken = false
    var place = found + 1
    var looked = 0
    func miss(_ place: Int) -> Int64 {
      abs(arrivedNS - packets[Int(up[place])].timeNS - delta)
    }
    while place < up.count, looked < Self.window {
      let candidate = Int(up[place])
      if let leastDelta, arrivedNS - packets[candidate].timeNS < leastDelta - ScoredJoin.impossibleLeadNS { break }
      if packets[candidate].next < 0 {
        // Twins sent back to back stay in order; a copy is a repair only if it fits far better, or better where the first
        // one would have come late.
        if agrees(packets, candidate, Int(arrival)), miss(place) + (isOvertaken ? 0 : gap) < miss(best) {
          best = place
          isOvertaken = false
        }
        looked += 1
      } else {
        isOvertaken = true
      }
      place += 1
    }
    return best
  }

  /// Closer copies than this are kept in order: repairs come after a round trip at the earliest, duplicate
  /// acknowledgements in bursts.
  private static let repairGapNS: Int64 = 2_000_000
  private static let acknowledgementGapNS: Int64 = 50_000_000

  @inline(__always)
  private func tellsCopiesApart(_ packets: TransmissionBuffer, _ index: Int) -> Bool {
    ipIDTellsCopiesApart(packets, index)
      || (packets[index].record.marks.contains(.timestamps) && timestampIsUsable)
  }

  /// Timestamps do not, where the repeat came within a tick of the sender's clock: 1 ms and more (RFC 7323, 5.4).
  @inline(__always)
  private func ipIDTellsCopiesApart(_ packets: TransmissionBuffer, _ index: Int) -> Bool {
    packets[index].record.ipID != 0 && ipIDIsUsable
  }

  /// Whether all features that survive agree; by indices, as copying two packets takes longer than comparing them.
  @inline(__always)
  private func agrees(_ packets: TransmissionBuffer, _ up: Int, _ down: Int) -> Bool {
    guard packets[up].offset == packets[down].offset,
      packets[up].payloadLength == packets[down].payloadLength,
      packets[up].core == packets[down].core
    else { return false }
    // The offset of a SYN is 0 by definition: one with another number is the same only if something else says so.
    if packets[up].record.isSYN, packets[up].record.sequence != packets[down].record.sequence { return false }
    if ipIDIsUsable, packets[up].record.ipID != packets[down].record.ipID { return false }
    let (marks, others) = (packets[up].record.marks, packets[down].record.marks)
    if marks.contains(.icmpError) != others.contains(.icmpError) { return false }
    if acknowledgementIsUsable, packets[up].record.hasACK, !packets[up].record.isRST,
      packets[up].ackOffset != packets[down].ackOffset
    {
      return false
    }
    if timestampIsUsable, marks.contains(.timestamps) {
      if packets[up].record.timestampValue != packets[down].record.timestampValue || !others.contains(.timestamps) {
        return false
      }
    }
    // What an ICMP error quotes is translated with the packet around it.
    if marks.contains(.icmpError) { return packets[up].record.window == packets[down].record.window }
    if packets[up].payloadLength > 0, packets[up].record.digest != packets[down].record.digest,
      packets[up].record.hasComparablePayload(with: packets[down].record)
    {
      return false
    }
    return packets[up].record.sackBlocks == packets[down].record.sackBlocks
  }

  static func link(
    _ trace: inout DirectionTrace, _ up: Int32, _ down: Int32, _ kind: LinkKind, confidence: Double = 1
  ) {
    trace.transmissions[Int(up)].next = down
    trace.transmissions[Int(up)].bytesFound = trace.transmissions[Int(up)].payloadLength
    trace.transmissions[Int(down)].previous = up
    trace.transmissions[Int(down)].link = kind
    trace.transmissions[Int(down)].linkConfidence = confidence
  }
}

extension PacketRecord {
  /// The flags that no box changes without being noticed, so neither PSH nor the ECN bits; the type of an ICMP error.
  var core: UInt8 { isICMPError ? flags : flags & Self.coreFlags }
  static var coreFlags: UInt8 { TCPFlags.syn | TCPFlags.fin | TCPFlags.rst | TCPFlags.ack }
  /// Whether it is an ICMP error that quotes a packet of the connection.
  var isICMPError: Bool { marks.contains(.icmpError) }
  /// Whether it is an ICMP redirect, which speaks to the neighbour on the link and goes no further (RFC 792, 4861).
  var isRedirect: Bool { isICMPError && flags == (marks.contains(.ipv6) ? 137 : 5) }
}

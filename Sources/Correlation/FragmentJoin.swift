import Packets

/// Pairs datagrams that one point has whole, or in other pieces than the other.
///
///     upstream    [──────── datagram 7, 0..2992 ────────]
///     downstream  [ 0..1472 ][ 1472..2952 ][ ..2992 ]
///
/// The IP ID says which pieces are those of one datagram, their offset where they belong. Where a number comes again, each
/// piece is that of the datagram which was sent closest to the expected time. Where pieces overlap and are no copies of
/// each other, the datagram is refused, as its receiver has to (RFC 5722): nothing of it is paired, and its fate is open.
/// Where a box puts pieces together of which a capture missed some, what it makes is found for those as well that only an
/// earlier capture has.
struct FragmentJoin {
  let usualDelta: Int64?

  /// Pieces with one IP ID that are further apart are those of two datagrams.
  static let nearNS: Int64 = 2_000_000_000
  /// Datagrams with one IP ID that are closer than this are kept in order.
  private static let gapNS: Int64 = 20_000_000
  /// Pieces with one IP ID that are looked at; where there are more, nothing is said of the datagram.
  ///
  /// Enough for those of 64 KiB in frames of 68 bytes, the least that IPv4 allows, and some copies.
  private static let mostPieces = 2048
  /// Senders with one IP ID that are looked at on either side of the expected time.
  private static let mostSenders = 64

  /// An arrival, with the bytes of it that are the sender's and nobody else's.
  private struct Part {
    var miss: Int64
    var place: Int32
    var transmission: Transmission
    var bytes: [Range<Int64>]
  }

  /// What arrived of a datagram or a piece.
  private enum Arrival {
    case nothing
    case pieces([Part])
    /// Something did, of which it cannot be said whether it is this one.
    case open
  }

  /// The pieces with one IP ID on both sides, in the order of capture.
  private struct Pieces {
    var sent: [Int32] = []
    var arrived: [Int32] = []
    /// For each arrival, by how much it misses the expected time of the sender that fits best.
    var misses: [Int64] = []
    /// For each arrival, the bytes whose sender is found.
    var taken: [[Range<Int64>]] = []
  }

  func join(_ trace: inout DirectionTrace, up: [Int32], down: [Int32]) {
    var all: [UInt16: Pieces] = [:]
    for index in pieces(down, trace) { all[ipID(index, trace), default: Pieces()].arrived.append(index) }
    if all.isEmpty { return }
    var numbers: [UInt16] = []
    for index in pieces(up, trace) {
      let number = ipID(index, trace)
      guard all[number] != nil else { continue }
      if all[number]?.sent.isEmpty == true { numbers.append(number) }
      all[number]?.sent.append(index)
    }
    for number in numbers {
      guard var pieces = all[number] else { continue }
      pieces.misses = pieces.arrived.map { leastMiss(of: $0, among: pieces.sent, trace) }
      pieces.taken = pieces.arrived.map { trace.madeInPart[$0] ?? [] }
      // First what fits best on both sides, so that nothing takes what is another's; then what is left.
      for isLast in [false, true] { pair(&pieces, isLast: isLast, &trace) }
      for (arrival, taken) in zip(pieces.arrived, pieces.taken) where !taken.isEmpty {
        let isWhole = taken.reduce(0) { $0 + $1.count } >= trace.transmissions[Int(arrival)].piece.count
        trace.madeInPart[arrival] = isWhole ? nil : taken
      }
    }
  }

  private func ipID(_ index: Int32, _ trace: DirectionTrace) -> UInt16 {
    trace.transmissions[Int(index)].record.ipID
  }

  private func pair(_ pieces: inout Pieces, isLast: Bool, _ trace: inout DirectionTrace) {
    for sent in pieces.sent {
      let origin = trace.transmissions[Int(sent)]
      guard origin.next < 0 || origin.isFoundInPart else { continue }
      switch arrival(of: sent, among: pieces, onlyBest: !isLast, trace) {
      case .nothing: continue
      case .open:
        if isLast { trace.transmissions[Int(sent)].isOpen = true }
      case .pieces(let parts):
        for part in parts { pieces.taken[Int(part.place)].append(contentsOf: part.bytes) }
        let bytes = parts.reduce(0) { $1.bytes.reduce($0) { $0 + UInt32($1.count) } }
        link(sent, parts.map { pieces.arrived[Int($0.place)] }, bytes, &trace)
      }
    }
  }

  private func link(_ sent: Int32, _ parts: [Int32], _ bytes: UInt32, _ trace: inout DirectionTrace) {
    let origin = trace.transmissions[Int(sent)]
    if origin.next < 0 {
      trace.transmissions[Int(sent)].next = parts[0]
      trace.transmissions[Int(sent)].bytesFound = bytes
    } else if trace.transmissions[Int(origin.next)].place == trace.transmissions[Int(parts[0])].place {
      trace.transmissions[Int(sent)].bytesFound += bytes
    } else {
      trace.transmissions[Int(sent)].bytesFoundFurther += bytes
    }
    for part in parts where trace.transmissions[Int(part)].previous < 0 {
      trace.transmissions[Int(part)].previous = sent
      trace.transmissions[Int(part)].link = .range
      trace.transmissions[Int(part)].linkConfidence = 0.95
    }
  }

  private func pieces(_ indices: [Int32], _ trace: DirectionTrace) -> [Int32] {
    indices.filter {
      let record = trace.transmissions[Int($0)].record
      return record.ipID != 0 && record.payloadLength > 0 && !record.isICMPError
    }
  }

  /// What arrived of a datagram or piece, in its order, as places in ``Pieces/arrived``.
  ///
  /// - Parameter onlyBest: whether arrivals are left alone that fit another sender better.
  private func arrival(of index: Int32, among pieces: Pieces, onlyBest: Bool, _ trace: DirectionTrace) -> Arrival {
    let sent = trace.transmissions[Int(index)]
    let isWhole = !sent.record.marks.contains(.fragment)
    // What an earlier point has of it is not looked for again.
    let known = sent.next >= 0 ? trace.pieces(of: Int(index)) : []
    guard let known else { return .open }
    var near: [Part] = []
    var looked = 0
    for place in start(pieces.arrived, sent, trace)..<pieces.arrived.count {
      let arrived = trace.transmissions[Int(pieces.arrived[place])]
      // Where nothing is known of the clocks, the IP ID alone has to do.
      if let usualDelta, arrived.record.timeNS - sent.record.timeNS > usualDelta + Self.nearNS { break }
      if looked == Self.mostPieces { return .open }
      looked += 1
      // Two that are whole were compared as packets already, unless only pieces of the one were found before.
      if isWhole, !arrived.record.marks.contains(.fragment), sent.next < 0 || !arrived.isCopy(of: sent) { continue }
      let bytes = arrived.piece.clamped(to: sent.piece).without(known)
      let miss = miss(sent, arrived)
      guard !bytes.isEmpty, !pieces.taken[place].contains(where: { taken in bytes.contains { taken.overlaps($0) } }),
        !onlyBest || miss <= pieces.misses[place] + Self.gapNS
      else { continue }
      near.append(Part(miss: miss, place: Int32(place), transmission: arrived, bytes: bytes))
    }
    near.sort {
      ($0.transmission.piece.lowerBound, $0.miss, $0.place) < ($1.transmission.piece.lowerBound, $1.miss, $1.place)
    }
    var parts: [Part] = []
    for each in near {
      if let last = parts.last, each.transmission.piece.lowerBound < last.transmission.piece.upperBound {
        if each.transmission.isCopy(of: last.transmission) || pieces.sent.count > 1 && isAnothers(each, pieces) {
          continue
        }
        return .open
      }
      parts.append(each)
    }
    if parts.isEmpty { return .nothing }
    return sumsAgree(sent, parts.map(\.transmission)) ? .pieces(parts) : .open
  }

  /// Whether a piece fits another sender better, or may where nothing is known of the clocks.
  private func isAnothers(_ piece: Part, _ pieces: Pieces) -> Bool {
    usualDelta == nil || pieces.misses[Int(piece.place)] < piece.miss
  }

  /// By how much a piece misses the time when it should arrive, in nanoseconds; 0 where nothing is known of the clocks.
  private func miss(_ sent: Transmission, _ arrived: Transmission) -> Int64 {
    usualDelta.map { abs(arrived.record.timeNS - sent.record.timeNS - $0) } ?? 0
  }

  /// The least miss of an arrival among the senders that have some of its bytes.
  private func leastMiss(of index: Int32, among senders: [Int32], _ trace: DirectionTrace) -> Int64 {
    guard let usualDelta else { return 0 }
    let arrived = trace.transmissions[Int(index)]
    let middle = Self.firstIndex(senders, notBefore: arrived.record.timeNS - usualDelta, trace)
    var least = Int64.max - Self.gapNS
    for side in [senders[middle...].prefix(Self.mostSenders), senders[..<middle].suffix(Self.mostSenders)] {
      for sender in side {
        let sent = trace.transmissions[Int(sender)]
        if sent.piece.overlap(arrived.piece) > 0 { least = min(least, miss(sent, arrived)) }
      }
    }
    return least
  }

  /// Where the candidates begin that arrived near the expected time.
  private func start(_ candidates: [Int32], _ sent: Transmission, _ trace: DirectionTrace) -> Int {
    guard let usualDelta else { return 0 }
    return Self.firstIndex(candidates, notBefore: sent.record.timeNS + usualDelta - Self.nearNS, trace)
  }

  private static func firstIndex(_ indices: [Int32], notBefore timeNS: Int64, _ trace: DirectionTrace) -> Int {
    var (low, high) = (0, indices.count)
    while low < high {
      let middle = (low + high) / 2
      if trace.transmissions[Int(indices[middle])].record.timeNS < timeNS { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Whether the pieces hold the bytes of the datagram, as far as they are all there: sums of pieces add up, because each
  /// piece but the last is a multiple of eight bytes long (RFC 1071, 2; RFC 791, 3.2).
  private func sumsAgree(_ sent: Transmission, _ parts: [Transmission]) -> Bool {
    let records = parts.map(\.record)
    let isKnown = ([sent.record] + records).allSatisfy { $0.marks.isDisjoint(with: [.payloadCut, .headerCut]) }
    let arrived = records.reduce(0) { $0 + Int64($1.payloadLength) }
    let covered = parts.reduce(0) { $0 + sent.piece.overlap($1.piece) }
    guard isKnown, covered == Int64(sent.record.payloadLength), arrived == covered else { return true }
    var sum = records.reduce(0) { $0 + UInt64($1.payloadSum) }
    while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
    return sum % 0xFFFF == UInt64(sent.record.payloadSum) % 0xFFFF
  }
}

extension Transmission {
  /// Whether it has the same place in its datagram, and the same bytes as far as they were captured.
  fileprivate func isCopy(of other: Transmission) -> Bool {
    piece == other.piece && (!record.hasComparablePayload(with: other.record) || record.digest == other.record.digest)
  }
}

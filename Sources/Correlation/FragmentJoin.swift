import Packets

/// Pairs datagrams that one point has whole, or in other pieces than the other.
///
///     upstream    [──────── datagram 7, 0..2992 ────────]
///     downstream  [ 0..1472 ][ 1472..2952 ][ ..2992 ]
///
/// The IP ID says which pieces are those of one datagram, their offset where they belong. Where pieces overlap and are no
/// copies of each other, the datagram is refused, as its receiver has to (RFC 5722): nothing of it is paired.
struct FragmentJoin {
  let usualDelta: Int64?

  /// Pieces with one IP ID that are further apart are those of two datagrams.
  private static let nearNS: Int64 = 2_000_000_000
  /// Pieces of one datagram that are looked at: those of 64 KiB in frames of 1,500 bytes, and some copies.
  private static let mostPieces = 64

  func join(_ trace: inout DirectionTrace, up: [Int32], down: [Int32]) {
    let arrived = Dictionary(grouping: pieces(down, trace)) { trace.transmissions[Int($0)].record.ipID }
    if arrived.isEmpty { return }
    for sent in pieces(up, trace) where trace.transmissions[Int(sent)].next < 0 {
      let origin = trace.transmissions[Int(sent)]
      guard let candidates = arrived[origin.record.ipID],
        let parts = parts(of: origin, among: candidates, trace), let first = parts.first
      else { continue }
      trace.transmissions[Int(sent)].next = first
      trace.transmissions[Int(sent)].bytesFound = parts.reduce(0) {
        $0 + UInt32(origin.piece.overlap(trace.transmissions[Int($1)].piece))
      }
      for part in parts where trace.transmissions[Int(part)].previous < 0 {
        trace.transmissions[Int(part)].previous = sent
        trace.transmissions[Int(part)].link = .range
        trace.transmissions[Int(part)].linkConfidence = 0.95
      }
    }
  }

  private func pieces(_ indices: [Int32], _ trace: DirectionTrace) -> [Int32] {
    indices.filter {
      let record = trace.transmissions[Int($0)].record
      return record.ipID != 0 && record.payloadLength > 0 && !record.isICMPError
    }
  }

  /// What arrived of a datagram or piece, in its order; `nil` if that is nothing, or no datagram in pieces.
  private func parts(of sent: Transmission, among candidates: [Int32], _ trace: DirectionTrace) -> [Int32]? {
    let piece = sent.piece
    let isWhole = !sent.record.marks.contains(.fragment)
    var near: [(piece: Range<Int64>, index: Int32)] = []
    for candidate in candidates[start(candidates, sent, trace)...].prefix(Self.mostPieces) {
      let arrived = trace.transmissions[Int(candidate)]
      // Where nothing is known of the clocks, the IP ID alone has to do.
      if let usualDelta, arrived.record.timeNS - sent.record.timeNS > usualDelta + Self.nearNS { break }
      if isWhole, !arrived.record.marks.contains(.fragment) { continue }
      if piece.overlap(arrived.piece) > 0 { near.append((arrived.piece, candidate)) }
    }
    near.sort { ($0.piece.lowerBound, $0.index) < ($1.piece.lowerBound, $1.index) }
    var parts: [Int32] = []
    var reached = Int64.min
    for (arrived, index) in near {
      if let last = parts.last, trace.transmissions[Int(last)].piece == arrived { continue }
      if arrived.lowerBound < reached { return nil }
      reached = arrived.upperBound
      parts.append(index)
    }
    return parts.isEmpty || !sumsAgree(sent, parts, trace) ? nil : parts
  }

  /// Where the candidates begin that arrived near the expected time.
  private func start(_ candidates: [Int32], _ sent: Transmission, _ trace: DirectionTrace) -> Int {
    guard let usualDelta else { return 0 }
    let earliest = sent.record.timeNS + usualDelta - Self.nearNS
    var (low, high) = (0, candidates.count)
    while low < high {
      let middle = (low + high) / 2
      if trace.transmissions[Int(candidates[middle])].record.timeNS < earliest {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// Whether the pieces hold the bytes of the datagram, as far as they are all there: sums of pieces add up, because each
  /// piece but the last is a multiple of eight bytes long (RFC 1071, 2; RFC 791, 3.2).
  private func sumsAgree(_ sent: Transmission, _ parts: [Int32], _ trace: DirectionTrace) -> Bool {
    let records = parts.map { trace.transmissions[Int($0)].record }
    let isKnown = ([sent.record] + records).allSatisfy { $0.marks.isDisjoint(with: [.payloadCut, .headerCut]) }
    let covered = parts.reduce(0) { $0 + sent.piece.overlap(trace.transmissions[Int($1)].piece) }
    let arrived = records.reduce(0) { $0 + Int64($1.payloadLength) }
    guard isKnown, covered == Int64(sent.record.payloadLength), arrived == covered else { return true }
    var sum = records.reduce(0) { $0 + UInt64($1.payloadSum) }
    while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
    return sum % 0xFFFF == UInt64(sent.record.payloadSum) % 0xFFFF
  }
}

extension Transmission {
  /// The bytes of its datagram's payload that it carries.
  fileprivate var piece: Range<Int64> {
    let start = record.marks.contains(.fragment) ? Int64(record.acknowledgement) : 0
    return start..<start + Int64(record.payloadLength)
  }
}

extension Range<Int64> {
  /// How many numbers both have.
  fileprivate func overlap(_ other: Range<Int64>) -> Int64 { Int64(clamped(to: other).count) }
}

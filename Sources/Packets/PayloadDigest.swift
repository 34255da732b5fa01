import CXXHash

extension PacketRecord {
  /// Sets everything that is told of the payload, which begins at `start` and ends on the wire at `wireEnd`.
  ///
  /// `bytes` end where the IP packet or the capture of it ends, so `start` may lie beyond them.
  @inline(__always)
  mutating func setPayload(_ bytes: RawSpan, from start: Int, wireEnd: Int) {
    guard wireEnd > start else { return }
    let facts = PayloadFacts(bytes, from: start, wireEnd: wireEnd)
    payloadLength = UInt32(clamping: wireEnd - start)
    digest = facts.digest
    payloadSum = facts.sum
    if facts.isCut { marks.insert(.payloadCut) }
  }

  /// Verifies a transport checksum, given the partial sum over pseudo header and header; the payload's sum is known.
  ///
  /// Says nothing where some of the payload was not captured.
  @inline(__always)
  mutating func verifyChecksum(headerSum: UInt64) {
    guard !marks.contains(.payloadCut) else { return }
    let isCorrect = InternetChecksum.fold(headerSum &+ UInt64(payloadSum)) == InternetChecksum.correct
    marks.formUnion(.checksumVerified)
    if !isCorrect { marks.formUnion(.badChecksum) }
  }
}

/// What is told of a payload beside its length.
struct PayloadFacts {
  /// See ``PacketRecord/digest``.
  let digest: UInt64
  /// See ``PacketRecord/payloadSum``.
  let sum: UInt16
  /// Whether not all of it was captured.
  let isCut: Bool

  /// Reads the payload from `start` to `wireEnd`, which is behind it; `bytes` may end before.
  @inline(never)
  init(_ bytes: RawSpan, from start: Int, wireEnd: Int) {
    let length = wireEnd - start
    let end = min(wireEnd, bytes.byteCount)
    digest = Self.digest(bytes, from: start, count: max(0, end - start), wireLength: length)
    isCut = end < wireEnd
    sum = isCut ? 0 : InternetChecksum.sum(bytes, from: start, to: wireEnd)
  }

  @inline(__always)
  private static func digest(_ bytes: RawSpan, from start: Int, count: Int, wireLength: Int) -> UInt64 {
    let seed = UInt64(truncatingIfNeeded: wireLength)
    guard count > 0 else { return XXH_INLINE_XXH3_64bits_withSeed(nil, 0, seed) }
    // Safe: start and count lie within the bytes, which the initialiser has just clamped them to.
    return unsafe bytes.withUnsafeBytes { buffer in
      unsafe hopscope_xxh3(buffer.baseAddress.map { unsafe $0 + start }, count, seed)
    }
  }
}

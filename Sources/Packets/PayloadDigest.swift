import CXXHash

extension PacketRecord {
  /// Sets everything that is told of the payload, which begins at `start` and ends on the wire at `wireEnd`.
  ///
  /// `bytes` end where the IP packet or the capture of it ends, so `start` may lie beyond them.
  @inline(__always)
  mutating func setPayload(_ bytes: RawSpan, from start: Int, wireEnd: Int) {
    if wireEnd > start { readPayload(bytes, from: start, wireEnd: wireEnd) }
  }

  /// Kept out of the way of the many packets without payload.
  @inline(never)
  private mutating func readPayload(_ bytes: RawSpan, from start: Int, wireEnd: Int) {
    let length = wireEnd - start
    payloadLength = UInt32(clamping: length)
    let captured = max(0, min(wireEnd, bytes.byteCount) - start)
    digest = Self.digest(bytes, from: start, count: captured, wireLength: length)
    if captured == length {
      payloadSum = InternetChecksum.sum(bytes, from: start, to: wireEnd)
    } else {
      marks.insert(.payloadCut)
    }
  }

  /// Verifies a transport checksum, given the partial sum over pseudo header and header; the payload's sum is known.
  ///
  /// Says nothing where some of the payload was not captured.
  @inline(__always)
  mutating func verifyChecksum(headerSum: UInt64) {
    guard !marks.contains(.payloadCut) else { return }
    let isCorrect = InternetChecksum.fold(headerSum &+ UInt64(payloadSum)) == InternetChecksum.correct
    marks.formUnion(isCorrect ? .checksumVerified : [.checksumVerified, .badChecksum])
  }

  @inline(__always)
  private static func digest(_ bytes: RawSpan, from start: Int, count: Int, wireLength: Int) -> UInt64 {
    let seed = UInt64(truncatingIfNeeded: wireLength)
    guard count > 0 else { return XXH_INLINE_XXH3_64bits_withSeed(nil, 0, seed) }
    // Safe: start and count lie within the bytes, which setPayload has just clamped them to.
    return unsafe bytes.withUnsafeBytes { buffer in
      unsafe hopscope_xxh3(buffer.baseAddress.map { unsafe $0 + start }, count, seed)
    }
  }
}

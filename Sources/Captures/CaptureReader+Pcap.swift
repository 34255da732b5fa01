extension CaptureReader {
  /// Reads records of a pcap file.
  ///
  ///     seconds, fraction, captured length, length on the wire: 32 bits each | captured bytes
  ///
  /// - Returns: whether there may be more.
  mutating func readPcap(
    _ layout: PcapLayout, limit: Int, through lastTimeNS: Int64,
    _ body: (_ frame: FrameHeader, _ bytes: RawSpan) -> Void
  ) throws(CaptureDamage.Cause) -> Bool {
    let headerLength = layout.recordHeaderLength
    let (longest, isTold) = (lanes[0].longestPacket, lanes[0].isTold)
    let snapLength = layout.interface.snapLength
    var remaining = limit
    while remaining > 0 {
      guard window.holds(headerLength) else {
        try endsCleanly()
        return false
      }
      var inFile = Int(window.word(8))
      var wireLength = Int(window.word(12))
      if layout.lengths != .capturedFirst, layout.lengths == .wireFirst || inFile > wireLength {
        swap(&inFile, &wireLength)
      }
      guard inFile <= longest else { throw .malformed(.packetTooLong(captured: inFile, limit: longest)) }
      guard window.holds(headerLength &+ inFile) else { throw shortage }
      // Some write more than the snap length that their header says; libpcap cuts it off.
      let captured = min(inFile, snapLength)
      var interface = 0
      if isTold {
        guard let told = toldInterface(lane: 0, at: headerLength, captured: captured) else {
          try addTold(lane: 0, of: layout.interface, at: headerLength, captured: captured)
          return true
        }
        interface = told
      }
      // Seconds are unsigned: times after 2038 are no negative ones.
      let seconds = Int64(window.word(0)) &* 1_000_000_000
      // The fraction is signed in libpcap; it should be below one second anyway.
      let fraction = Int64(Int32(truncatingIfNeeded: window.word(4)))
      let timeNS = seconds &+ fraction &* layout.nanosecondsPerUnit
      guard timeNS <= lastTimeNS else {
        pendingTime = timeNS
        return true
      }
      if isTold { interfaces[interface].packets &+= 1 }
      deliver(timeNS: timeNS, wireLength: wireLength, interface: interface, at: headerLength, captured: captured, body)
      window.advance(headerLength &+ inFile)
      remaining &-= 1
    }
    return true
  }
}

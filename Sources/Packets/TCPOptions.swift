/// The kinds of TCP option that are read (IANA TCP option kind numbers).
enum TCPOptionKind {
  static let end: UInt8 = 0
  static let noOperation: UInt8 = 1
  static let maximumSegmentSize: UInt8 = 2
  static let windowScale: UInt8 = 3
  static let sackPermitted: UInt8 = 4
  static let sack: UInt8 = 5
  static let timestamps: UInt8 = 8
  static let md5Signature: UInt8 = 19
  static let authentication: UInt8 = 29
  static let multipath: UInt8 = 30
  static let fastOpen: UInt8 = 34

  /// Two NOPs and the timestamps, which is what nearly every segment carries (RFC 7323, appendix A): the four bytes that
  /// it starts with, and bytes in all.
  static let timestampsAlone = (start: UInt32(0x0101_080A), length: 12)
}

extension PacketRecord {
  /// Reads the TCP options in `start..<end`, all of it captured, into the fields that hold them; sets `flags` before.
  ///
  /// What follows an option of impossible length is not read, as a receiver would not either.
  @inline(__always)
  mutating func readTCPOptions(_ bytes: RawSpan, from start: Int, to end: Int) {
    if isSYN {
      readSYNOptions(bytes, from: start, to: end)
    } else if end &- start == TCPOptionKind.timestampsAlone.length,
      bytes.big32(at: start) == TCPOptionKind.timestampsAlone.start
    {
      setTimestamps(bytes, at: start &+ 4)
    } else if end > start {
      readSegmentOptions(bytes, from: start, to: end)
    }
  }

  @inline(__always)
  private mutating func setTimestamps(_ bytes: RawSpan, at offset: Int) {
    let both = bytes.big64(at: offset)
    timestampValue = UInt32(truncatingIfNeeded: both >> 32)
    timestampEcho = UInt32(truncatingIfNeeded: both)
    marks.insert(.timestamps)
  }

  /// Timestamps and selective acknowledgements.
  @inline(never)
  private mutating func readSegmentOptions(_ bytes: RawSpan, from start: Int, to end: Int) {
    var walk = TCPOptionWalk(from: start, to: end)
    while let option = walk.next(bytes) {
      switch (option.kind, option.length) {
      case (TCPOptionKind.timestamps, 10):
        setTimestamps(bytes, at: option.start + 2)
      case (TCPOptionKind.sack, 10...):
        sackLeft = bytes.big32(at: option.start + 2)
        sackRight = bytes.big32(at: option.start + 6)
        sackBlocks = UInt8((option.length - 2) / 8)
      default: break
      }
    }
  }

  /// What is offered when a connection is opened; the words of the SACK block are taken by it.
  @inline(never)
  private mutating func readSYNOptions(_ bytes: RawSpan, from start: Int, to end: Int) {
    var segmentSize: UInt32 = 0
    var windowScale: UInt32 = 255
    var offers: UInt32 = 0
    var shape: UInt32 = 0
    var walk = TCPOptionWalk(from: start, to: end)
    while let option = walk.next(bytes) {
      // FNV-1a over the kinds; a SYN without options keeps shape 0.
      if shape == 0 { shape = 0x811C_9DC5 }
      shape = (shape ^ UInt32(option.kind)) &* 0x0100_0193
      switch (option.kind, option.length) {
      case (TCPOptionKind.maximumSegmentSize, 4): segmentSize = UInt32(bytes.big16(at: option.start + 2))
      // A shift above 14 is taken as 14 (RFC 7323, 2.3).
      case (TCPOptionKind.windowScale, 3): windowScale = UInt32(min(14, bytes.byte(at: option.start + 2)))
      case (TCPOptionKind.sackPermitted, 2): offers |= SYNOptions.sackPermittedBit
      case (TCPOptionKind.timestamps, 10):
        offers |= SYNOptions.timestampsBit
        setTimestamps(bytes, at: option.start + 2)
      case (TCPOptionKind.fastOpen, _): offers |= SYNOptions.fastOpenBit
      case (TCPOptionKind.multipath, _): offers |= SYNOptions.multipathBit
      case (TCPOptionKind.md5Signature, _), (TCPOptionKind.authentication, _):
        offers |= SYNOptions.authenticationBit
      default: break
      }
    }
    synOptions = SYNOptions(packed: segmentSize << 16 | windowScale << 8 | offers, shape: shape)
  }
}

/// Steps through TCP options (RFC 9293, 3.1), the end-of-options and NOP bytes included.
private struct TCPOptionWalk {
  struct Option {
    let kind: UInt8
    let start: Int
    /// Bytes with kind and length; they lie within the options.
    let length: Int
  }

  private var position: Int
  private var end: Int

  init(from start: Int, to end: Int) {
    position = start
    self.end = end
  }

  /// The next option, nil at the end or where a length is impossible.
  @inline(__always)
  mutating func next(_ bytes: RawSpan) -> Option? {
    guard position < end else { return nil }
    let start = position
    let kind = bytes.byte(at: start)
    if kind == TCPOptionKind.noOperation {
      position += 1
      return Option(kind: kind, start: start, length: 1)
    }
    if kind == TCPOptionKind.end {
      position = end
      return Option(kind: kind, start: start, length: 1)
    }
    guard end - start >= 2 else { return nil }
    let length = Int(bytes.byte(at: start + 1))
    guard length >= 2, length <= end - start else { return nil }
    position += length
    return Option(kind: kind, start: start, length: length)
  }
}

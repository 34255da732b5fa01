import Captures
import Testing

@Suite struct CaptureDamageTests {
  private let two = CaptureBytes.pcap()
    .record(seconds: 1, fraction: 0, [1, 2, 3, 4])
    .record(seconds: 2, fraction: 0, [5, 6, 7, 8])

  @Test(arguments: [1, 15, 16, 19], [1, 100])
  func `a cut within a record keeps what stands before it, and says where`(kept: Int, limit: Int) throws {
    var cut = two
    cut.bytes.removeLast(20 - kept)
    let read = try ReadCapture(cut, limit: limit)
    #expect(read.frames.map(\.number) == [1])
    #expect(read.state == .damaged(CaptureDamage(byteOffset: 44, frame: 2, cause: .cut)))
  }

  @Test func `a cut within the first record is damage too`() throws {
    var cut = CaptureBytes.pcap().record(seconds: 1, fraction: 0, [1, 2, 3, 4])
    cut.bytes.removeLast()
    let read = try ReadCapture(cut)
    #expect(read.frames.isEmpty)
    #expect(read.state == .damaged(CaptureDamage(byteOffset: 24, frame: 1, cause: .cut)))
  }

  @Test func `the end stays what it is when asked again`() throws {
    var cut = two
    cut.bytes.removeLast()
    try withTemporaryFile(cut.bytes) { path in
      var reader = try CaptureReader(path: path)
      let first = reader.readFrames(limit: 10) { _, _ in }
      let second = reader.readFrames(limit: 10) { _, _ in Issue.record("a frame after the end") }
      #expect(first == second)
      #expect(first != .more && first != .end)
    }
  }

  @Test(arguments: [UInt32.max, 0x8000_0000, 262_145])
  func `an absurd record length is damage at its offset`(captured: UInt32) throws {
    let read = try ReadCapture(two.record(seconds: 3, fraction: 0, [9], captured: captured))
    #expect(read.frames.map(\.number) == [1, 2])
    guard case .damaged(let damage) = read.state, case .malformed = damage.cause else {
      Issue.record("\(read.state)")
      return
    }
    #expect(damage.byteOffset == 64)
    #expect(damage.frame == 3)
  }

  @Test(arguments: [0, UInt32.max, 0x7FFF_FFFF])
  func `an absurd snap length in the header does not matter`(snapLength: UInt32) throws {
    let read = try ReadCapture(
      CaptureBytes.pcap(snapLength: snapLength).record(seconds: 1, fraction: 0, [1, 2, 3]))
    #expect(read.frames.map(\.bytes) == [[1, 2, 3]])
    #expect(read.state == .end)
  }

  @Test func `a record longer than the snap length is cut to it, and the next one is found`() throws {
    let read = try ReadCapture(
      CaptureBytes.pcap(snapLength: 2)
        .record(seconds: 1, fraction: 0, [1, 2, 3, 4, 5]).record(seconds: 2, fraction: 0, [6]))
    #expect(read.frames.map(\.bytes) == [[1, 2], [6]])
    #expect(read.frames.map(\.wireLength) == [5, 1])
  }

  @Test(arguments: CaptureBytes.Order.allCases)
  func `a cut pcapng keeps what stands before it, and says where`(order: CaptureBytes.Order) throws {
    let whole = CaptureBytes.pcapng(order).interface().packet(time: 1, [1]).packet(time: 2, [2])
    var cut = whole.packet(time: 3, [3])
    cut.bytes.removeLast(5)
    let read = try ReadCapture(cut)
    #expect(read.frames.map(\.bytes) == [[1], [2]])
    #expect(read.state == .damaged(CaptureDamage(byteOffset: Int64(whole.bytes.count), frame: 3, cause: .cut)))
  }

  @Test(
    arguments: [
      (12, .recordLength(8), [8, 0, 0, 0, 1, 2, 3, 4]),
      (12, .recordLength(37), [37, 0, 0, 0, 1, 2, 3, 4]),
      (12, .recordLength(0x7FFF_FFFC), [0xFC, 0xFF, 0xFF, 0x7F, 1, 2, 3, 4]),
      (12, .lengthsDiffer(start: 12, end: 16), [12, 0, 0, 0, 16, 0, 0, 0]),
    ] as [(UInt32, RecordFault, [UInt8])])
  func `a block that cannot be is damage at its offset`(type: UInt32, fault: RecordFault, rest: [UInt8]) throws {
    var capture = CaptureBytes.pcapng().interface().packet(time: 1, [1])
    let offset = Int64(capture.bytes.count)
    capture.bytes += [UInt8(type), 0, 0, 0] + rest
    let read = try ReadCapture(capture)
    #expect(read.frames.map(\.bytes) == [[1]])
    #expect(read.state == .damaged(CaptureDamage(byteOffset: offset, frame: 2, cause: .malformed(fault))))
  }

  @Test func `a packet of an interface that nothing describes is damage`() throws {
    let start = CaptureBytes.pcapng().interface().packet(time: 1, [1])
    let read = try ReadCapture(start.packet(interface: 1, time: 2, [2]))
    let cause = CaptureDamage.Cause.malformed(.unknownInterface(1))
    #expect(
      read.state == .damaged(CaptureDamage(byteOffset: Int64(start.bytes.count), frame: 2, cause: cause)))
  }

  @Test func `an absurd length costs no memory`() throws {
    var capture = CaptureBytes.pcap(snapLength: 0, linkType: 231)
    capture = capture.record(seconds: 1, fraction: 0, [1], captured: 128 << 20)
    let read = try ReadCapture(capture)
    #expect(read.state == .damaged(CaptureDamage(byteOffset: 24, frame: 1, cause: .cut)))
  }

  /// A capture of some frames in each format with a magic number.
  static let formats: [(name: String, bytes: [UInt8])] = {
    let frame = Frames.udp(toPort: 53)
    return CaptureBytes.Order.allCases.flatMap { order -> [(name: String, bytes: [UInt8])] in
      let pcap = CaptureBytes.pcap(order).record(seconds: 1, fraction: 0, frame).record(seconds: 2, fraction: 0, frame)
      let modified = CaptureBytes.pcap(order, magic: 0xA1B2_CD34)
        .record(seconds: 1, fraction: 0, Array(repeating: 0, count: 8) + frame, captured: UInt32(frame.count))
      let pcapng = CaptureBytes.pcapng(order).interface(resolution: 9, name: "eth0").packet(time: 1, frame)
        .statistics(interface: 0, [(5, 3)]).simplePacket(frame).obsoletePacket(time: 3, frame)
      return [
        ("pcap \(order)", pcap.bytes), ("modified pcap \(order)", modified.bytes), ("pcapng \(order)", pcapng.bytes),
      ]
    } + [
      // Not ERF: it has no magic number, and what is cut or lies is not taken for it.
      (
        "snoop",
        CaptureBytes.snoop().snoopRecord(seconds: 1, microseconds: 2, frame, wire: 60, drops: 1)
          .snoopRecord(seconds: 2, microseconds: 2, frame, wire: 60, drops: 1).bytes
      )
    ]
  }()

  /// What is read, `nil` where nothing can be.
  private static func read(_ bytes: [UInt8]) throws -> ReadCapture? {
    try withTemporaryFile(bytes) { path in
      do {
        return try ReadCapture(path: path)
      } catch is CaptureError {
        return nil
      }
    }
  }

  @Test(arguments: formats.indices)
  func `a capture of any format, cut at any byte, gives what stands before the cut`(_ index: Int) throws {
    let bytes = Self.formats[index].bytes
    let whole = try #require(try Self.read(bytes))
    #expect(whole.state == .end && !whole.frames.isEmpty)
    var readable = 0
    for length in 0..<bytes.count {
      guard let cut = try Self.read(Array(bytes[..<length])) else {
        #expect(readable == 0, "\(length) bytes are worse than fewer")
        continue
      }
      readable += 1
      #expect(cut.frames == Array(whole.frames.prefix(cut.frames.count)), "\(length) bytes")
      switch cut.state {
      case .damaged(let damage):
        #expect(damage.cause == .cut && damage.byteOffset <= length, "\(length) bytes: \(damage)")
        #expect(damage.frame == cut.frames.count + 1, "\(length) bytes")
      case .end: break
      case .more: Issue.record("more behind the end of \(length) bytes")
      }
    }
    #expect(readable > bytes.count / 2)
  }

  @Test(arguments: formats.indices, [0, 1, 0x7F, 0x80, 0xFF] as [UInt8])
  func `whatever any byte of a capture says, what stands before it is read`(_ index: Int, _ value: UInt8) throws {
    let bytes = Self.formats[index].bytes
    let whole = try #require(try Self.read(bytes))
    let firstFrames = try (0..<bytes.count).map { try Self.read(Array(bytes[..<$0]))?.frames.count ?? 0 }
    for place in bytes.indices where bytes[place] != value {
      var lie = bytes
      lie[place] = value
      let before = firstFrames[place]
      let read = try Self.read(lie)
      if before > 0 { #expect(read?.frames.prefix(before) == whole.frames.prefix(before), "byte \(place)") }
      #expect(read?.frames.allSatisfy { $0.bytes.count <= $0.wireLength } ?? true, "byte \(place)")
    }
  }
}

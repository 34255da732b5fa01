import TestSupport
import Testing
import Verdicts

/// Whole analyses of captures and boxes that do odd things.
@Suite struct SimulatedTroubleTests {
  private static func captures(_ conversations: Int = 20, requests: Int = 4) -> [[CapturedFrame]] {
    var path = FourPoints.path()
    for number in 0..<conversations { path.send(FourPoints.conversation(number, requests: requests)) }
    return path.captures
  }

  @Test(arguments: 0..<4)
  func `a capture that holds every packet twice accuses nobody`(_ point: Int) {
    var captures = Self.captures()
    captures[point] = captures[point].flatMap { frame in
      [frame, CapturedFrame(timeNS: frame.timeNS + 3000, bytes: frame.bytes)]
    }
    let (report, said) = FourPoints.analysed(captures)
    #expect(said.findings(.fault) == [])
    #expect(said.findings().contains("capture-duplicates \(FourPoints.names[point])"))
    #expect(report.points[point].capture.duplicates * 2 == report.points[point].packets)
    #expect(said.ledgersThatDoNotAddUp == [])
  }

  @Test(arguments: 0..<3)
  func `packets that a segment doubles are named there`(_ segment: Int) {
    var path = FourPoints.path()
    var doubled = 0
    for number in 0..<20 {
      var conversation = FourPoints.conversation(number, requests: 4)
      if number.isMultiple(of: 2) {
        var copy = conversation.transmissions[3]
        copy.timeNS += 400_000
        copy.missedAt = Set(0...segment)
        conversation.transmissions.insert(copy, at: 4)
        doubled += 1
      }
      path.send(conversation)
    }
    let (report, said) = FourPoints.analysed(path)
    let place = FourPoints.names[segment...segment + 1].joined(separator: " ")
    #expect(said.findings(.fault) == ["duplicate \(place)"])
    #expect(report.events.count == doubled)
    #expect(report.events.allSatisfy { $0.kind == .duplicate && $0.between.near == segment })
    #expect(said.lost == [:])
  }

  @Test func `sequence numbers that a firewall translates consistently are a note`() {
    var path = FourPoints.path()
    for number in 0..<20 {
      var conversation = FourPoints.conversation(number, requests: 4)
      for point in 2..<4 {
        conversation.legs[point].clientShift = 0x9E37_79B9 &* UInt32(number + 1)
        conversation.legs[point].serverShift = 0x85EB_CA6B &* UInt32(number + 1)
      }
      path.send(conversation)
    }
    let (report, said) = FourPoints.analysed(path)
    #expect(said.findings(.fault) == [])
    #expect(said.findings().contains("seq-offset edge core"))
    #expect(report.events.isEmpty)
  }

  @Test(arguments: [0, 1, 700, 5000] as [UInt32])
  func `sequence numbers may wrap in the middle of a connection that loses a segment`(_ before: UInt32) {
    var path = FourPoints.path()
    for number in 0..<12 {
      let startNS = 10 * FourPoints.hour + Int64(number) * 50_000_000
      var script = ConversationScript(
        seed: UInt64(number) + 1, startNS: startNS,
        initialSequences: (client: .max - before - UInt32(number), server: .max - 3 * before))
      script.open()
      for _ in 0..<3 { script.request(400, response: 4000) }
      if number.isMultiple(of: 3) {
        script.segment(fromClient: true, [.psh, .ack], payload: script.random.bytes(100), lostAfter: 1)
        script.retransmit()
      }
      script.close()
      path.send(FourPoints.conversation(number, script))
    }
    let (report, said) = FourPoints.analysed(path)
    #expect(said.lost == ["edge core c2s": 4])
    #expect(said.findings(.fault) == ["loss edge core"])
    #expect(report.events.count == 4)
  }

  @Test(arguments: 0..<4)
  func `a capture that begins late and ends early accuses nobody`(_ point: Int) {
    var captures = Self.captures(40)
    let frames = captures[point]
    captures[point] = Array(frames[frames.count / 5..<frames.count * 4 / 5])
    let (_, said) = FourPoints.analysed(captures)
    #expect(said.path == FourPoints.names)
    #expect(said.findings(.fault) == [])
    #expect(said.lost == [:])
    #expect(said.ledgersThatDoNotAddUp == [])
  }

  @Test(arguments: 0..<4, [-30, 30] as [Int64])
  func `a clock that jumps changes no verdict on a packet`(_ point: Int, _ seconds: Int64) {
    var captures = Self.captures(40)
    let half = captures[point].count / 2
    for index in half..<captures[point].count { captures[point][index].timeNS += seconds * FourPoints.second }
    let (report, said) = FourPoints.analysed(captures)
    #expect(said.path == FourPoints.names)
    #expect(said.findings(.fault) == [])
    #expect(said.lost == [:])
    #expect(report.events.isEmpty)
  }

  @Test func `a clock that runs fast by 100 ppm changes no verdict on a packet`() {
    var captures = Self.captures(40)
    let start = captures[2][0].timeNS
    for index in captures[2].indices {
      captures[2][index].timeNS += (captures[2][index].timeNS - start) / 10_000
    }
    let (report, said) = FourPoints.analysed(captures)
    #expect(said.path == FourPoints.names)
    #expect(report.events.isEmpty)
  }

  @Test(arguments: 0..<3, [true, false])
  func `an RST that a box sends in the server's or the client's name is born there`(_ segment: Int, _ fromServer: Bool)
  {
    var path = FourPoints.path()
    for number in 0..<12 {
      var script = FourPoints.script(number)
      script.open()
      script.request(200, response: 3000)
      script.request(200, response: 3000)
      if number.isMultiple(of: 3) { script.segment(fromClient: !fromServer, [.rst, .ack]) }
      var conversation = FourPoints.conversation(number, script)
      if number.isMultiple(of: 3) {
        let last = conversation.transmissions.count - 1
        conversation.transmissions[last].missedAt = Set((0..<4).filter { fromServer ? $0 > segment : $0 <= segment })
        conversation.transmissions[last].ttl = 255
        conversation.transmissions[last].ipID = 0
      }
      path.send(conversation)
    }
    let (report, said) = FourPoints.analysed(path)
    let place = FourPoints.names[segment...segment + 1].joined(separator: " ")
    #expect(said.findings(.fault) == ["rst-injected \(place)"])
    #expect(report.events.count { $0.kind == .inject } == 4)
    #expect(said.lost == [:])
  }

  @Test func `a segment that is repeated a minute after it was lost is one loss`() {
    var path = FourPoints.path()
    for number in 0..<12 {
      var script = FourPoints.script(number)
      script.open()
      script.request(200, response: 3000)
      if number == 5 {
        script.segment(
          fromClient: true, [.psh, .ack], payload: script.random.bytes(100), after: 60 * FourPoints.second,
          lostAfter: 2)
        script.retransmit()
      }
      script.request(200, response: 3000)
      script.close()
      path.send(FourPoints.conversation(number, script))
    }
    let (_, said) = FourPoints.analysed(path)
    #expect(said.lost == ["core server c2s": 1])
    #expect(said.findings(.fault) == ["loss core server"])
  }

  @Test(arguments: [54, 66, 96])
  func `frames that were cut change no verdict on a packet`(_ snapLength: Int) {
    var path = FourPoints.path()
    for number in 0..<12 {
      var script = FourPoints.script(number)
      script.open()
      script.request(200, response: 3000)
      if number.isMultiple(of: 4) {
        script.segment(fromClient: true, [.psh, .ack], payload: script.random.bytes(100), lostAfter: 1)
        script.retransmit()
      }
      script.close()
      path.send(FourPoints.conversation(number, script))
    }
    let cut = path.captures.map { frames in
      frames.map {
        CapturedFrame(timeNS: $0.timeNS, bytes: Array($0.bytes.prefix(snapLength)), wireLength: $0.bytes.count)
      }
    }
    let (report, said) = FourPoints.analysed(cut)
    #expect(said.path == FourPoints.names)
    #expect(said.lost == ["edge core c2s": 3])
    #expect(report.events.count == 3)
  }

  @Test func `a capture without any frame accuses nobody`() {
    for point in 0..<4 {
      var captures = Self.captures(10)
      captures[point] = []
      let (report, said) = FourPoints.analysed(captures)
      #expect(report.points.count == 4)
      #expect(said.findings(.fault) == [])
      #expect(said.lost == [:])
    }
  }

  @Test(arguments: 1..<4, [Int64(3_000_000), 1_000_000_000])
  func `a frame that lost its time in one capture is neither lost nor injected, and moves no clock`(
    _ point: Int, _ silenceNS: Int64
  ) {
    var path = FourPoints.path()
    for number in 0..<10 {
      var script = FourPoints.script(number)
      script.open()
      script.request(200, response: 3000)
      script.nowNS += silenceNS
      script.request(200, response: 3000)
      script.close()
      var conversation = FourPoints.conversation(number, script)
      // All of it in this century, and one after the other.
      let start: Int64 = 1_700_000_000_000_000_000 + Int64(number) * 10_000_000_000
      for packet in conversation.transmissions.indices { conversation.transmissions[packet].timeNS += start }
      path.send(conversation)
    }
    let (known, _) = FourPoints.analysed(path.captures)
    var captures = path.captures
    let frames = captures[point].indices.dropFirst()
    let late = frames.filter {
      captures[point][$0].timeNS - captures[point][$0 - 1].timeNS >= silenceNS
    }
    captures[point][late[late.count / 2]].timeNS = 16_941_352_584
    let (report, said) = FourPoints.analysed(captures)
    #expect(said.lost == [:] && report.events.isEmpty && said.findings(.fault) == [])
    for (one, other) in zip(report.points, known.points) {
      let (moved, offset) = (one.clock.offsetNS ?? .max, other.clock.offsetNS ?? .min)
      #expect(moved.subtractingReportingOverflow(offset).partialValue.magnitude < 100_000)
    }
    #expect(report.remarks.contains { $0.contains("1 frame with a time stamp before 1988") })
  }

  @Test func `a frame with the time 0 does not stop the analysis`() async {
    await #expect(processExitsWith: .success) { Self.analyseWithFrame(at: 0) }
  }

  @Test func `a frame with the last time that a pcap file can hold does not stop the analysis`() async {
    await #expect(processExitsWith: .success) { Self.analyseWithFrame(at: 4_294_967_295_000_000_000) }
  }

  @Test func `a frame with the last time that there is does not stop the analysis`() async {
    await #expect(processExitsWith: .success) { Self.analyseWithFrame(at: .max) }
  }

  private static func analyseWithFrame(at timeNS: Int64) {
    var captures = captures(10)
    captures[1][captures[1].count / 2].timeNS = timeNS
    captures[3][captures[3].count - 1].timeNS = timeNS
    _ = FourPoints.analysed(captures)
  }
}

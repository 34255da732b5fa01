import Scenarios
import TestSupport
import Testing
import Verdicts

@Suite struct WindowFindingsTests {
  /// A transfer of two segments that the client stops with a window, and what comes after it.
  private func stopped(window: UInt16, probed: Bool = true, goesOn: Bool = true) -> Analysed {
    var hand = Handwriting()
    hand.open(1000)
    hand.put(1030, .serverToClient, seq: 0, ack: 0, length: 1000)
    hand.put(1040, .clientToServer, seq: 0, ack: 1000, window: window)
    if probed { hand.put(1300, .serverToClient, seq: 999, ack: 0) }
    hand.put(1540, .clientToServer, seq: 0, ack: 1000, window: 512)
    if goesOn { hand.put(1550, .serverToClient, seq: 1000, ack: 0, length: 1000) }
    return Analysed(hand.scenario)
  }

  @Test func `a closed window that holds the sender up is a warning at the receiving host`() {
    let analysed = stopped(window: 0)
    #expect(analysed.kinds == ["zero-window"])
    let finding = analysed.findings("zero-window").first
    #expect(finding?.point == 0 && finding?.severity == .warning && finding?.direction == .serverToClient)
    #expect(finding?.title.contains("500.000 ms") == true)
    // 65535 scaled by 7 in the handshake's last ACK.
    #expect(finding?.explanation.contains("8388480 bytes (scaled by 2^7)") == true)
    #expect(finding?.evidence.count == 2)
  }

  @Test func `a small window is no closed one`() { #expect(stopped(window: 1).kinds.isEmpty) }

  @Test func `a closed window that nobody waits for is not named`() {
    #expect(stopped(window: 0, probed: false, goesOn: false).kinds.isEmpty)
  }

  private func scale(_ change: @escaping (inout WirePacket) -> Void) -> Analysed {
    var scenario = Scenario.usual()
    scenario.transform(segment: 1) { if $0.flags.contains(.syn) { change(&$0) } }
    return Analysed(scenario)
  }

  @Test func `a window scale that one side of a box does not see is named with what it costs`() {
    let finding = scale { if $0.direction == .serverToClient { $0.windowScale = nil } }.findings("window-scale-broken")
      .first
    #expect(finding?.between == PointPair(1, 2) && finding?.direction == .serverToClient)
    #expect(finding?.title.contains("taken out") == true)
    #expect(finding?.explanation.contains("up to 8388480") == true && finding?.explanation.contains("65535") == true)
    #expect(finding?.explanation.contains("nothing makes up for it") == true)
    // The server scales; the client does not, and the server believes that it does.
    let server = "windows s2c mean 8388480 bytes and are taken for 65535"
    let client = "windows c2s mean 65535 bytes and are taken for 8388480"
    #expect(finding?.explanation.contains("\(server); \(client).") == true)
  }

  @Test func `a handshake that loses its window scale stops both sides from scaling, and no window is misread`() {
    let finding = scale { $0.windowScale = nil }.findings("window-scale-broken").first
    #expect(finding?.title.contains("taken out") == true)
    #expect(finding?.explanation.contains("are taken for") == false)
  }

  @Test func `a window scale that is raised makes the other end send too much`() {
    let finding = scale { $0.windowScale = 9 }.findings("window-scale-broken").first
    #expect(finding?.explanation.contains("more than the host has room for") == true)
    #expect(finding?.direction == nil)
  }

  @Test func `a window scale that stays is not named`() { #expect(scale { _ in }.kinds.isEmpty) }
}

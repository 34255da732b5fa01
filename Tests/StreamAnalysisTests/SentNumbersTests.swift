import StreamAnalysis
import Testing

struct SentNumbersTests {
  @Test(
    arguments: [
      (1000, true), (1001, false), (1301, false), (1302, true), (900, true), (1000 &+ 1 << 31, true),
    ] as [(UInt32, Bool)], [0, 0xFFFF_FB00] as [UInt32])
  func `what lies between the SYN and the last byte may be acknowledged, wherever numbers begin`(
    _ number: (UInt32, Bool), from base: UInt32
  ) {
    var sent = SentNumbers(syn: 1000 &+ base)
    sent.reach(1301 &+ base)
    #expect(sent.lack(number.0 &+ base, below: 1301 &+ base) == number.1)
  }

  @Test func `behind 2 GiB and 4 GiB an ordinary acknowledgement is of what was sent`() {
    var sent = SentNumbers(syn: 1000)
    var reached: UInt32 = 1001
    for _ in 0..<40 {
      reached &+= 1 << 27
      sent.reach(reached)
      #expect(!sent.lack(reached &- 5000, below: reached))
    }
    #expect(sent.initial == nil)
  }
}

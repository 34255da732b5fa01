import Flows
import Packets
import TestSupport
import Testing

/// A damaged pcapng file can claim any time; the reader of captures gives the nearest that 64 bits hold.
@Suite struct ExtremeTimeTests {
  @Test func `datagrams at both ends of time do not stop the program`() async {
    await #expect(processExitsWith: .success) {
      let frame = UDPDatagram(source: client, destination: server, payload: [1]).ip().ethernet()
      _ = traffic([Int64.min, Int64.max, Int64.min].map { CapturedFrame(timeNS: $0, bytes: frame) })
    }
  }

  @Test func `equal packets at both ends of time do not stop the program`() async {
    await #expect(processExitsWith: .success) {
      let frame = fromClient(.ack, payload: 10, id: 4).ethernet()
      _ = traffic([Int64.min, Int64.max, Int64.min].map { CapturedFrame(timeNS: $0, bytes: frame) })
    }
  }

  @Test(
    arguments: [
      ([9, 0, 11], [9, 9, 11], 1), ([9, 0, 0, 10], [9, 9, 9, 10], 2),
      // The first has none before it, and a capture from 1970 has times that are to be believed, as has a clock that was set.
      ([0, 9, 10], [0, 9, 10], 0), ([0, 1, 0], [0, 1, 0], 0), ([0, 9, 1], [0, 9, 1], 0),
      ([9, 0, 1, 2, 3, 4, 5, 6, 7, 8], [9, 9, 9, 9, 9, 9, 9, 9, 9, 8], 8),
    ] as [([Int64], [Int64], Int)])
  func `a frame that lost its time came together with the one before`(
    _ stamps: [Int64], _ times: [Int64], _ untimed: Int
  ) {
    // Nines and more are days of this century.
    func time(_ stamp: Int64) -> Int64 { stamp < 9 ? stamp : 1_700_000_000_000_000_000 + stamp * 86_400_000_000_000 }
    let frame = fromClient(.ack, payload: 10, id: 4).ethernet()
    let seen = traffic(stamps.map { CapturedFrame(timeNS: time($0), bytes: frame) })
    #expect(seen.captured.map(\.timeNS) == times.map(time))
    #expect(seen.counts.untimed == untimed)
    #expect(seen.captured.count { $0.marks.contains(.untimed) } == untimed)
    #expect(seen.coverage == times.map(time).min().flatMap { first in times.map(time).max().map { first...$0 } })
  }
}

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
}

import Packets
import TestSupport
import Verdicts

/// Requests at equal times, each answered once.
package struct UDPConversation: Exchange {
  /// Number of requests.
  package var requests: Int
  /// Time between them, in nanoseconds.
  package var intervalNS: Int64 = 20_000_000
  /// Whether the IP ID is 0.
  package var hasIPID = true
  package var startsAfterNS: Int64 = 0
  package var number = 0

  /// So many requests.
  package init(requests: Int) { self.requests = requests }

  package func leg(at point: Int, of count: Int) -> Scenario.Leg {
    Scenario.Leg(
      client: Endpoint(address: "10.0.0.1", port: UInt16(50_000 + number)),
      server: Endpoint(address: "192.0.2.53", port: 53))
  }

  package func ends(seed: UInt64) -> (client: any End, server: any End) {
    (UDPEnd(.clientToServer, self), UDPEnd(.serverToClient, self))
  }
}

final class UDPEnd: End {
  private let direction: Direction
  private let settings: UDPConversation
  private var sent = 0
  private(set) var alarm: Int64?

  init(_ direction: Direction, _ settings: UDPConversation) {
    self.direction = direction
    self.settings = settings
  }

  func start(now: Int64) -> [WirePacket] { direction == .clientToServer ? wake(now: now) : [] }

  func wake(now: Int64) -> [WirePacket] {
    defer { sent += 1 }
    alarm = sent + 1 < settings.requests ? now + settings.intervalNS : nil
    return [datagram(sent, bytes: 40)]
  }

  func receive(_ packet: WirePacket, now: Int64) -> [WirePacket] {
    direction == .serverToClient ? [datagram(packet.label.index, bytes: 90)] : []
  }

  private func datagram(_ index: Int, bytes: Int) -> WirePacket {
    var packet = WirePacket(direction, .init(.datagram, index))
    packet.transport = .udp
    let side: UInt16 = direction == .clientToServer ? 7000 : 22_000
    packet.ipID = settings.hasIPID ? side &+ UInt16(index) &+ UInt16(settings.number * 300) : 0
    packet.payload = (0..<Int64(bytes)).map {
      StreamBytes.byte(at: $0 + Int64(index * 1000), direction, settings.number + 100)
    }
    return packet
  }
}

import Flows
import Packets
import TestSupport

/// The traffic of a point that captured these frames.
func traffic(_ frames: [CapturedFrame], memoryBudget: Int = .max) -> PointTraffic {
  var builder = PointBuilder(memoryBudget: memoryBudget)
  let decoder = PacketDecoder(linkType: .ethernet)
  for (index, frame) in frames.enumerated() {
    builder.add(
      timeNS: frame.timeNS, frame: UInt32(index + 1), wireLength: frame.wireLength, bytes: frame.bytes.span.bytes,
      decoder: decoder)
  }
  return builder.finish()
}

/// The traffic of a point that sees these packets, 1 ms apart.
func traffic(_ packets: [any IPPacket]) -> PointTraffic {
  traffic(packets.enumerated().map { CapturedFrame(timeNS: Int64($0) * 1_000_000, bytes: $1.ethernet()) })
}

/// The traffic of a single point that everything said in this conversation passes.
func traffic(_ conversation: Conversation) -> PointTraffic {
  var path = PathSimulation(points: 1)
  path.send(conversation)
  return traffic(path.captures[0])
}

extension PointTraffic {
  /// All records, in the order of capture.
  var captured: [PacketRecord] {
    connections.indices.flatMap { Array(packets(of: $0)) }.sorted { $0.frame < $1.frame }
  }
  /// The places in the capture of a connection's records, in the order in which they are kept; every frame is a packet.
  func places(of connection: Int) -> [Int] { packets(of: connection).map { Int($0.frame) - 1 } }
  /// The connection of each record, in the order of capture.
  var connectionOfEach: [UInt32] { captured.map(\.connection) }
  /// Whether each record comes from its connection's client, in the order of capture.
  var fromClientOfEach: [Bool] { captured.map { $0.marks.contains(.fromClient) } }
  /// Places in the capture of the records that are marked as copies.
  var copies: [Int] { captured.indices.filter { captured[$0].marks.contains(.captureCopy) } }
}

/// Client and server of most tests.
let client: Endpoint = "10.1.0.10:40000"
let server: Endpoint = "198.51.100.80:80"

/// A segment from the client.
func fromClient(
  _ flags: TCPSegment.Flags, seq: UInt32 = 1000, ack: UInt32 = 0, payload: Int = 0, id: UInt16 = 0
) -> any IPPacket {
  TCPSegment(
    source: client, destination: server, seq: seq, ack: ack, flags: flags,
    payload: Array(repeating: 7, count: payload)
  ).ipv4(id: id)
}

/// A segment from the server.
func fromServer(
  _ flags: TCPSegment.Flags, seq: UInt32 = 5000, ack: UInt32 = 0, payload: Int = 0, id: UInt16 = 0
) -> any IPPacket {
  TCPSegment(
    source: server, destination: client, seq: seq, ack: ack, flags: flags,
    payload: Array(repeating: 9, count: payload)
  ).ipv4(id: id)
}

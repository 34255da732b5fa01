public import Packets

/// A UDP datagram to be built.
public struct UDPDatagram: IPPayload {
  /// Sender.
  public var source: Endpoint
  /// Receiver.
  public var destination: Endpoint
  /// The payload.
  public var payload: [UInt8]
  /// What the checksum field holds; a correct sum of 0 is written as 0xFFFF (RFC 768).
  public var checksum: Checksum
  /// The length field if not the one of header and payload.
  public var length: UInt16?

  /// A datagram with these values.
  public init(
    source: Endpoint, destination: Endpoint, payload: [UInt8] = [], checksum: Checksum = .correct,
    length: UInt16? = nil
  ) {
    self.source = source
    self.destination = destination
    self.payload = payload
    self.checksum = checksum
    self.length = length
  }

  /// UDP.
  public var protocolNumber: UInt8 { 17 }

  /// Header and payload.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendBig(source.port)
    bytes.appendBig(destination.port)
    bytes.appendBig(length ?? UInt16(8 + payload.count))
    bytes.appendBig(UInt16(0))
    bytes += payload
    let field = checksum.field(over: pseudoHeader(length: bytes.count) + bytes)
    bytes.setBig(checksum == .correct && field == 0 ? 0xFFFF : field, at: 6)
    return bytes
  }
}

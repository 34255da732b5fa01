import Correlation
import Packets

/// Properties of single packets by which a box may choose what it drops.
struct LossFeatures: OptionSet {
  let rawValue: Int

  static var fin: LossFeatures { LossFeatures(rawValue: 1) }
  static var rst: LossFeatures { LossFeatures(rawValue: 2) }
  static var noPayload: LossFeatures { LossFeatures(rawValue: 4) }
  static var classOfService: LossFeatures { LossFeatures(rawValue: 8) }
  static var bestEffort: LossFeatures { LossFeatures(rawValue: 16) }
  static var ecn: LossFeatures { LossFeatures(rawValue: 32) }
  /// Number of combinations.
  static let combinations = 64

  init(rawValue: Int) { self.rawValue = rawValue }

  @inline(__always)
  private init(trafficClass: UInt8, flags: UInt8, payloadLength: UInt32) {
    var features = trafficClass >> 2 != 0 ? LossFeatures.classOfService : .bestEffort
    if trafficClass & 3 != 0 { features.insert(.ecn) }
    if flags & TCPFlags.fin != 0 { features.insert(.fin) }
    if flags & TCPFlags.rst != 0 { features.insert(.rst) }
    if payloadLength == 0, flags & (TCPFlags.syn | TCPFlags.fin | TCPFlags.rst) == 0 { features.insert(.noPayload) }
    self = features
  }

  /// What a packet has.
  @inline(__always)
  init(_ record: PacketRecord) {
    self.init(trafficClass: record.trafficClass, flags: record.flags, payloadLength: record.payloadLength)
  }

  /// What the packet has that an event is about.
  init(_ event: PacketEvent) {
    self.init(trafficClass: event.trafficClass, flags: event.flags, payloadLength: event.length)
  }
}

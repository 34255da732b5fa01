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

  /// What a packet has.
  @inline(__always)
  init(_ record: PacketRecord) {
    var features = record.trafficClass >> 2 != 0 ? LossFeatures.classOfService : .bestEffort
    if record.trafficClass & 3 != 0 { features.insert(.ecn) }
    if record.isFIN { features.insert(.fin) }
    if record.isRST { features.insert(.rst) }
    if record.payloadLength == 0, record.flags & (TCPFlags.syn | TCPFlags.fin | TCPFlags.rst) == 0 {
      features.insert(.noPayload)
    }
    self = features
  }
}

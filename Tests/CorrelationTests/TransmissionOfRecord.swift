import Packets

@testable import Correlation

extension Transmission {
  /// A transmission of a packet that no capture holds.
  init(record: PacketRecord, place: Int32, offset: Int64, ackOffset: Int64, sackOffset: Int64) {
    self.init(record)
    put(place: place, offset: offset, ackOffset: ackOffset, sackOffset: sackOffset)
  }
}

extension TimeDifferences {
  /// Adds packets given as a list.
  mutating func add(_ samples: [Sample]) { add(samples.span) }
}

import Packets
import Synchronization

@testable import Correlation
@testable import Flows

/// The records of transmissions that tests make from values, held as long as the tests run.
private enum HeldRecords {
  private static let store = Mutex(RecordStore())

  static func hold(_ record: PacketRecord) -> RecordReference {
    store.withLock { store in
      let ordinal = store.open(length: 4)
      store.write(record, at: ordinal)
      return store.reference(ordinal)
    }
  }
}

extension Transmission {
  /// A transmission of a packet that no capture holds.
  init(record: PacketRecord, place: Int32, offset: Int64, ackOffset: Int64, sackOffset: Int64) {
    self.init(HeldRecords.hold(record), place: place, offset: offset, ackOffset: ackOffset, sackOffset: sackOffset)
  }
}

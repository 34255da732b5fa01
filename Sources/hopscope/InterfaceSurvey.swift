import Captures

/// An interface of a capture of several, which carries packets.
struct BusyInterface: Equatable {
  /// What selects it behind `#`: its name, or its index if it has none.
  var key: String
  var packets: Int

  /// The key as part of a point's name.
  var nameInPoint: String { InterfaceSurvey.nameInPoint(key) }
}

/// Looks at which interfaces of a capture carry packets.
enum InterfaceSurvey {
  /// The interfaces that carry packets, in the order of the file; none if the file describes only one before its first
  /// packet, without reading it through.
  ///
  /// Interfaces of one name, as in files that were put one behind the other, are one.
  static func busyInterfaces(of location: CaptureLocation) -> [BusyInterface] {
    guard var reader = try? CaptureReader(location), reader.isPcapng, reader.interfaces.count > 1 else { return [] }
    while reader.readFrames(limit: .max, { _, _ in }) == .more {}
    var busy: [BusyInterface] = []
    for (index, interface) in reader.interfaces.enumerated() where interface.packets > 0 {
      let key = interface.name ?? String(index)
      if let known = busy.firstIndex(where: { $0.key == key }) {
        busy[known].packets += interface.packets
      } else {
        busy.append(BusyInterface(key: key, packets: interface.packets))
      }
    }
    return busy
  }

  /// A key without the comma, which separates names in `--order`.
  static func nameInPoint(_ key: String) -> String { key.replacing(",", with: "_") }
}

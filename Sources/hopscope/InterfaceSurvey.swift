import Captures

/// An interface of a capture of several, which carries packets.
struct BusyInterface: Equatable {
  /// What selects it behind `#`: its name, or its number if it has none.
  var key: String
  var packets: Int

  /// The key as part of a point's name.
  var nameInPoint: String { InterfaceSurvey.nameInPoint(key) }
}

/// Which interfaces of a capture carry packets.
struct InterfaceSurvey {
  /// Those that may be points of a path, in the order of the file or by their numbers.
  ///
  /// Interfaces of one name, as in files that were put one behind the other, are one.
  let places: [BusyInterface]
  /// What the capturing host sent to itself, which no path leads through.
  let loopback: BusyInterface?
  /// Whether all of them are certainly of one host.
  let isOfOneHost: Bool
  /// Whether the capture might have had several.
  let isOfPlaces: Bool
  /// Whether nobody chose these interfaces, and they are more than a path has: a host of many containers.
  let isTooMany: Bool
  private static let mostPoints = 16

  /// Whether each of them is to be a point.
  var isToSplit: Bool { places.count > 1 && !isTooMany }

  /// Reads a capture through if it may have several interfaces by what it describes before its first packet.
  init(_ location: CaptureLocation?) {
    var interfaces: [CaptureInterface] = []
    var isOfOneHost = false
    var isOfPlaces = false
    if let location, var reader = try? CaptureReader(location), reader.mayHaveSeveralPlaces {
      while reader.readFrames(limit: .max, { _, _ in }) == .more {}
      (interfaces, isOfOneHost, isOfPlaces) = (reader.interfaces, reader.isAnyDevice, true)
    }
    self.init(of: interfaces, isOfOneHost: isOfOneHost, isOfPlaces: isOfPlaces)
  }

  init(of interfaces: [CaptureInterface], isOfOneHost: Bool = false, isOfPlaces: Bool = true) {
    var busy = interfaces.filter { $0.packets > 0 }
    let areTold = busy.allSatisfy(\.isToldByFrames)
    // By number, not by who sent first.
    if areTold { busy.sort { ($0.key.utf8.count, $0.key) < ($1.key.utf8.count, $1.key) } }
    var places: [BusyInterface] = []
    var loopback: BusyInterface?
    for interface in busy {
      let found = BusyInterface(key: interface.key, packets: interface.packets)
      if interface.isLoopback {
        loopback = BusyInterface(key: found.key, packets: found.packets + (loopback?.packets ?? 0))
      } else if let known = places.firstIndex(where: { $0.key == found.key }) {
        places[known].packets += found.packets
      } else {
        places.append(found)
      }
    }
    (self.places, self.loopback, self.isOfOneHost) = (places, loopback, isOfOneHost)
    self.isOfPlaces = isOfPlaces
    isTooMany = areTold && places.count > Self.mostPoints
  }

  /// A key without the comma, which separates names in `--order`.
  static func nameInPoint(_ key: String) -> String { key.replacing(",", with: "_") }
}

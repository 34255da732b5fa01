import Flows
import Matching
import Packets
import Verdicts

/// All transmissions of one connection in one direction, at all points of its path.
struct DirectionTrace {
  /// Positions of the points, upstream first.
  var path: [Int]
  /// The transmissions, those of a point together and in the order of capture; the points in any order.
  var transmissions: TransmissionBuffer
  /// For each place of the path, its range in ``transmissions``.
  var ranges: [Range<Int>]
  /// Whether the packets are TCP segments.
  var isTCP: Bool
  /// Whether any is a further copy of another.
  var hasCopies = false
  /// Arrivals that were put together of fragments of which some have no sender so far: the bytes that have one.
  var madeInPart: [Int32: [Range<Int64>]] = [:]

  /// Position of a transmission's point.
  func position(_ index: Int) -> Int { path[Int(transmissions[index].place)] }
}

extension DirectionTrace {
  /// A trace without points.
  static var empty: DirectionTrace {
    DirectionTrace(path: [], transmissions: TransmissionBuffer(), ranges: [], isTCP: false)
  }

  /// Begins another trace in the memory of this one, with room for so many transmissions.
  mutating func restart(_ path: [Int], isTCP: Bool, room: Int) {
    self.path = path
    self.isTCP = isTCP
    hasCopies = false
    transmissions.restart(room: room)
    ranges.removeAll(keepingCapacity: true)
    if !madeInPart.isEmpty { madeInPart = [:] }
    for _ in path { ranges.append(0..<0) }
  }
}

/// Something of each direction.
struct DirectionPair<Item> {
  var clientToServer: Item
  var serverToClient: Item

  init(_ clientToServer: Item, _ serverToClient: Item) {
    self.clientToServer = clientToServer
    self.serverToClient = serverToClient
  }

  subscript(direction: Direction) -> Item {
    get { direction == .clientToServer ? clientToServer : serverToClient }
    _modify {
      if direction == .clientToServer { yield &clientToServer } else { yield &serverToClient }
    }
  }
}

extension DirectionPair: Sendable where Item: Sendable {}

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
  /// Of a long connection, which part of each range is to be judged now; empty where all of it is.
  private(set) var parts: [Range<Int>] = []
  /// Whether the packets are TCP segments.
  var isTCP: Bool
  /// Whether any is a further copy of another.
  var hasCopies = false
  /// Arrivals that were put together of fragments of which some have no sender so far: the bytes that have one.
  var madeInPart: [Int32: [Range<Int64>]] = [:]

  /// What is to be judged of a place: everything, unless the connection is long.
  ///
  /// What lies before and behind it in ``ranges`` is joined, too, so that a judge finds what he asks for there.
  func part(_ place: Int) -> Range<Int> { parts.isEmpty ? ranges[place] : parts[place] }

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
    parts = []
    if !madeInPart.isEmpty { madeInPart = [:] }
    for _ in path { ranges.append(0..<0) }
  }

  /// Begins another trace that is loaded and judged in parts.
  ///
  /// - Parameter rooms: for each place, the indices that its transmissions may take.
  /// - Returns: `false` where the system gives no memory that can be taken back in parts; nothing is begun then.
  mutating func restartInParts(_ path: [Int], isTCP: Bool, rooms: [Range<Int>]) -> Bool {
    guard transmissions.restartSliding(room: rooms.map(\.upperBound).max() ?? 0) else { return false }
    self.path = path
    self.isTCP = isTCP
    hasCopies = false
    madeInPart = [:]
    ranges = rooms.map { $0.lowerBound..<$0.lowerBound }
    parts = ranges
    return true
  }

  /// Lets the next part be judged, which begins where the last one ended.
  mutating func judge(to ends: [Int]) {
    for place in parts.indices { parts[place] = parts[place].upperBound..<max(parts[place].upperBound, ends[place]) }
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

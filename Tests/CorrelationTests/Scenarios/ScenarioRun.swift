package import Flows
import Packets
package import Verdicts

/// What truly happened in a scenario, packet by packet.
package struct Truth {
  /// A packet at a point.
  package struct Passage {
    package var id: Int
    package var time: Int64
    package var direction: Direction
  }

  /// For each point, what passed on the wire, in order.
  package var passed: [[Passage]]
  /// The packets as the ends sent them.
  package var packets: [Int: WirePacket] = [:]
  /// Lost packets and the segment that lost them.
  package var drops: [Int: Int] = [:]
  /// Packets that were duplicated, and where.
  package var duplicates: [Int: Set<Int>] = [:]
  /// Packets that a box made, and where.
  package var injected: [Int: Int] = [:]
  /// Packets that were changed by an impairment, and where.
  package var edits: [Int: Set<Int>] = [:]
  /// Packets that were cut or merged from others.
  package var pieces: [Int: [Int]] = [:]

  init(points: Int) { passed = Array(repeating: [], count: points) }

  /// Ids of the packets that arrived after one that was sent later, on a segment and direction (RFC 4737).
  package func reordered(_ segment: Int, _ direction: Direction) -> Set<Int> {
    let (up, down) = direction == .clientToServer ? (segment, segment + 1) : (segment + 1, segment)
    var places: [Int: Int] = [:]
    for (place, passage) in passed[up].enumerated() where places[passage.id] == nil { places[passage.id] = place }
    var found: Set<Int> = []
    var seen: Set<Int> = []
    var newest = -1
    for passage in passed[down] where passage.direction == direction {
      // A piece has the place of what it was cut from, a merged segment that of its last part.
      let parents = pieces[passage.id]?.compactMap { places[$0] }.max()
      guard seen.insert(passage.id).inserted, let place = places[passage.id] ?? parents else { continue }
      if place < newest { found.insert(passage.id) }
      newest = max(newest, place)
    }
    return found
  }
}

/// The captures of a scenario and the truth behind them.
package struct ScenarioRun {
  /// A captured frame.
  package struct Frame {
    package var timeNS: Int64
    /// The true time.
    var takenNS: Int64
    var order: Int
    package var bytes: [UInt8]
    package var wireLength: Int
    /// The packet's identity.
    package var id: Int
    /// From which side it came.
    package var direction: Direction
    /// Whether the capture made it a second time.
    package var isCopy: Bool
  }

  package let scenario: Scenario
  package let captures: [[Frame]]
  package let truth: Truth

  /// Names of the points.
  package var names: [String] { scenario.points.map(\.name) }

  /// What each point saw, as the program reads it.
  ///
  /// - Parameter time: the time that stands in the capture for a frame (from 0) of a point.
  package func traffic(
    time: (_ point: Int, _ frame: Int, _ timeNS: Int64) -> Int64 = { _, _, time in time }
  ) -> [PointTraffic] {
    captures.enumerated().map { point, frames in
      var builder = PointBuilder()
      let decoder = PacketDecoder(linkType: .ethernet)
      for (index, frame) in frames.enumerated() {
        builder.add(
          timeNS: time(point, index, frame.timeNS), frame: UInt32(index + 1), wireLength: frame.wireLength,
          bytes: frame.bytes.span.bytes,
          decoder: decoder)
      }
      return builder.finish()
    }
  }

  /// The packet in a frame, counted from 1.
  package func id(point: Int, frame: Int) -> Int { captures[point][frame - 1].id }

  /// The frames of a packet at a point, counted from 1.
  package func frames(point: Int, id: Int) -> [Int] {
    captures[point].indices.filter { captures[point][$0].id == id }.map { $0 + 1 }
  }

  /// The frame of the packet with this label at a point, counted from 1; `nil` if it is not in the capture.
  package func frame(_ point: Int, _ direction: Direction, _ label: WirePacket.Label, conversation: Int = 0) -> Int? {
    let wanted = truth.packets.filter {
      $0.value.direction == direction && $0.value.label == label && $0.value.conversation == conversation
    }.map(\.key).sorted()
    return wanted.lazy.compactMap { frames(point: point, id: $0).first }.first
  }

  /// Whether a packet passed a point on the wire.
  package func passed(_ id: Int, _ point: Int) -> Bool { truth.passed[point].contains { $0.id == id } }

  /// Whether a packet is in a point's capture.
  package func isCaptured(_ id: Int, _ point: Int) -> Bool { captures[point].contains { $0.id == id } }
}

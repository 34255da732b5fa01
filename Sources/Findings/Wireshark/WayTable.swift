import Correlation
import Packets
import Verdicts

/// The packets of one connection at all points, to be found by frame and by the bytes that they carry.
struct WayTable {
  /// Each packet, or each part of one that was cut.
  let ways: [PacketWay]
  private let frames: [Entry]
  private let byOffset: [Direction: [Int]]
  private let longest: Int64

  private struct Entry {
    let key: UInt64
    let way: Int
  }

  init(_ ways: [PacketWay]) {
    self.ways = ways
    frames = ways.indices.flatMap { way in
      ways[way].sightings.map { Entry(key: Self.key($0.position, $0.frame), way: way) }
    }.sorted { ($0.key, $0.way) < ($1.key, $1.way) }
    var byOffset: [Direction: [Int]] = [:]
    for direction in Direction.allCases {
      byOffset[direction] = ways.indices.filter {
        ways[$0].direction == direction && ways[$0].isTCP && ways[$0].end > ways[$0].offset && !ways[$0].record.isRST
      }.sorted { (ways[$0].offset, $0) < (ways[$1].offset, $1) }
    }
    self.byOffset = byOffset
    longest = ways.reduce(1) { max($0, $1.end - $1.offset) }
  }

  /// A frame of a point as one number.
  static func key(_ position: Int, _ frame: UInt32) -> UInt64 { UInt64(position) << 32 | UInt64(frame) }

  /// The packets that are, or are in, a frame of a point; by their number in ``ways``.
  func ways(at position: Int, frame: UInt32) -> [Int] {
    let key = Self.key(position, frame)
    var index = Self.lowerBound(frames) { $0.key < key }
    var found: [Int] = []
    while index < frames.count, frames[index].key == key {
      found.append(frames[index].way)
      index += 1
    }
    return found
  }

  /// The packets of a direction that carry some of these bytes, by offset.
  func sharing(_ range: Range<Int64>, _ direction: Direction) -> [Int] {
    let order = byOffset[direction] ?? []
    var index = Self.lowerBound(order) { ways[$0].offset < range.lowerBound - longest }
    var found: [Int] = []
    while index < order.count, ways[order[index]].offset < range.upperBound {
      if ways[order[index]].end > range.lowerBound { found.append(order[index]) }
      index += 1
    }
    return found
  }

  /// At most so many packets of a direction that begin at an offset or behind it, by offset.
  func beginning(at offset: Int64, _ direction: Direction, most: Int) -> ArraySlice<Int> {
    let order = byOffset[direction] ?? []
    return order[Self.lowerBound(order) { ways[$0].offset < offset }...].prefix(most)
  }

  private static func lowerBound<Item>(_ items: [Item], _ isBelow: (Item) -> Bool) -> Int {
    var (low, high) = (0, items.count)
    while low < high {
      let middle = (low + high) / 2
      if isBelow(items[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension PacketWay {
  /// End of the sequence space that it takes.
  var end: Int64 { offset + Int64(record.sequenceLength) }

  /// The packet at a point.
  func sighting(at position: Int) -> PacketEvent.Sighting? { sightings.first { $0.position == position } }
}

extension PacketEvent.Sighting {
  /// Whether it stands in the capture before another one of the same point.
  func precedes(_ other: PacketEvent.Sighting) -> Bool { (timeNS, frame) < (other.timeNS, other.frame) }
}

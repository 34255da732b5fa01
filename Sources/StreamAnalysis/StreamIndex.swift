public import Packets

/// The two endpoints of a stream, in an order that is the same for both directions.
public struct StreamEndpoints: BitwiseCopyable, Sendable {
  /// The lower one by address, then port.
  public let low: Endpoint
  /// The higher one.
  public let high: Endpoint

  @inline(__always)
  init(_ source: Endpoint, _ destination: Endpoint, sourceIsLow: Bool) {
    low = sourceIsLow ? source : destination
    high = sourceIsLow ? destination : source
  }

  @inline(__always)
  static func isLow(_ source: Endpoint, than destination: Endpoint) -> Bool {
    source.address == destination.address
      ? source.port <= destination.port : source.address < destination.address
  }

  @inline(__always)
  var hash: UInt64 {
    var value = (low.address.low &* 0x9E37_79B9_7F4A_7C15) ^ high.address.low
    value = (value ^ value >> 32) &* 0xD6E8_FEB8_6659_FD93
    value ^= low.address.high &+ high.address.high &* 31
    value = (value ^ value >> 32) &+ (UInt64(low.port) << 16 | UInt64(high.port))
    value = value &* 0xD6E8_FEB8_6659_FD93
    return value ^ value >> 32
  }

  @inline(__always)
  static func == (left: StreamEndpoints, right: StreamEndpoints) -> Bool {
    left.low == right.low && left.high == right.high
  }
}

/// Finds the current stream between two endpoints.
///
/// Open addressing with linear probing: a slot holds half of the key's hash and the stream's number plus one, the keys
/// lie beside it, so that probing stays in cache.
struct StreamIndex {
  private var slots = [UInt64](repeating: 0, count: 1 << 10)
  private var keys: [StreamEndpoints] = []
  /// Stream of each key: the newest with it.
  private var streams: [UInt32] = []

  /// The newest stream with this key.
  @inline(__always)
  func find(_ key: StreamEndpoints) -> Int? {
    let hash = key.hash
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while slots[place] != 0 {
      if slots[place] >> 32 == hash >> 32 {
        let index = Int(slots[place] & 0xFFFF_FFFF) - 1
        if keys[index] == key { return Int(streams[index]) }
      }
      place = (place + 1) & mask
    }
    return nil
  }

  /// Makes a stream the newest one with its key.
  @inline(never)
  mutating func set(_ key: StreamEndpoints, stream: Int) {
    if keys.count * 2 >= slots.count { grow() }
    let hash = key.hash
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while slots[place] != 0 {
      if slots[place] >> 32 == hash >> 32 {
        let index = Int(slots[place] & 0xFFFF_FFFF) - 1
        if keys[index] == key {
          streams[index] = UInt32(truncatingIfNeeded: stream)
          return
        }
      }
      place = (place + 1) & mask
    }
    keys.append(key)
    streams.append(UInt32(truncatingIfNeeded: stream))
    slots[place] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(keys.count)
  }

  private mutating func grow() {
    slots = [UInt64](repeating: 0, count: slots.count * 2)
    let mask = slots.count - 1
    for (index, key) in keys.enumerated() {
      let hash = key.hash
      var place = Int(truncatingIfNeeded: hash) & mask
      while slots[place] != 0 { place = (place + 1) & mask }
      slots[place] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(index + 1)
    }
  }
}

import Packets

/// Finds the current connection between two endpoints.
///
///     slots (power of two, at most half full)        connections
///     ┌───────────────┐                              ┌──────────────────────────┐
///     │ tag32 | id+1  │ ──────────────────────────▶  │ low, high, transport     │
///     └───────────────┘  linear probing              └──────────────────────────┘
///
/// Keys live beside the connections, 8 bytes a slot, so that probing stays in cache. The two endpoints are ordered,
/// so that both directions find the same slot.
struct FlowTable {
  struct Key {
    var low: Endpoint
    var high: Endpoint
    var transport: UInt8

    /// The key of a packet, and whether its source is the lower endpoint.
    @inline(__always)
    static func of(source: Endpoint, destination: Endpoint, transport: UInt8) -> (key: Key, sourceIsLow: Bool) {
      let sourceIsLow =
        source.address == destination.address
        ? source.port <= destination.port : source.address < destination.address
      return sourceIsLow
        ? (Key(low: source, high: destination, transport: transport), true)
        : (Key(low: destination, high: source, transport: transport), false)
    }

    @inline(__always)
    var hash: UInt64 {
      var value = low.address.low &* 0x9E37_79B9_7F4A_7C15
      value = (value ^ value >> 29) &+ high.address.low
      value = value &* 0xBF58_476D_1CE4_E5B9 ^ low.address.high ^ high.address.high &* 31
      value = (value ^ value >> 32) &+ (UInt64(low.port) << 24 | UInt64(high.port) << 8 | UInt64(transport))
      value = value &* 0x94D0_49BB_1331_11EB
      return value ^ value >> 31
    }
  }

  private var slots: [UInt64] = Array(repeating: 0, count: 1 << 10)
  private(set) var keys: [Key] = []
  private var used = 0

  /// The newest connection with this key, if any.
  @inline(__always)
  func find(_ key: Key) -> Int? {
    let hash = key.hash
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    let tag = hash >> 32
    while true {
      let slot = slots[place]
      if slot == 0 { return nil }
      if slot >> 32 == tag {
        let id = Int(slot & 0xFFFF_FFFF) - 1
        let held = keys[id]
        if held.low == key.low && held.high == key.high && held.transport == key.transport { return id }
      }
      place = (place + 1) & mask
    }
  }

  /// Adds a connection with this key, which from now on is the newest one; returns its id.
  mutating func insert(_ key: Key) -> Int {
    if used * 2 >= slots.count { grow() }
    keys.append(key)
    if place(id: keys.count - 1) { used += 1 }
    return keys.count - 1
  }

  /// Puts an id into its slot; false if it took the place of an older connection with the same key.
  private mutating func place(id: Int) -> Bool {
    let key = keys[id]
    let hash = key.hash
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    let entry = hash & 0xFFFF_FFFF_0000_0000 | UInt64(id + 1)
    while slots[place] != 0 {
      if slots[place] >> 32 == hash >> 32 {
        let held = keys[Int(slots[place] & 0xFFFF_FFFF) - 1]
        if held.low == key.low && held.high == key.high && held.transport == key.transport {
          slots[place] = entry
          return false
        }
      }
      place = (place + 1) & mask
    }
    slots[place] = entry
    return true
  }

  @inline(never)
  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    used = 0
    for id in keys.indices where place(id: id) { used += 1 }
  }
}

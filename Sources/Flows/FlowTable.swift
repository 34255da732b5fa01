import Packets

/// Finds the current connection between two endpoints.
///
///     slots (power of two, at most half full)
///     ┌───────────────┐
///     │ tag32 | id+1  │   linear probing; whether a connection is the one is asked of whoever holds the connections
///     └───────────────┘
///
/// Eight bytes a slot, so that probing stays in cache. The hash does not depend on the order of the two endpoints, so that
/// both directions find the same slot. It has a key of its own in each table: nobody can choose addresses and ports that
/// lie in one place. What is found does not depend on it, as slots are only ever probed, never gone through.
struct FlowTable {
  private var slots: [UInt64] = Array(repeating: 0, count: 1 << 10)
  /// The hash of each connection, by which the table is made anew as it grows.
  private var hashes: [UInt64] = []
  private var used = 0

  private let lowKey = UInt64.random(in: .min ... .max)
  private let highKey = UInt64.random(in: .min ... .max)
  private let portKey = UInt64.random(in: .min ... .max)

  /// The hash of two endpoints, in either order, in this table.
  @inline(__always)
  func hash(_ one: Endpoint, _ other: Endpoint, transport: UInt8) -> UInt64 {
    let value = (mix(one) &+ mix(other) &+ UInt64(transport)) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  @inline(__always)
  private func mix(_ endpoint: Endpoint) -> UInt64 {
    let address = Self.fold(endpoint.address.low ^ lowKey, endpoint.address.high ^ highKey)
    return Self.fold(address ^ UInt64(endpoint.port) &* 0x9E37_79B9_7F4A_7C15, portKey)
  }

  /// Both halves of a product, of which nothing can be said by who does not know one of its factors.
  @inline(__always)
  private static func fold(_ one: UInt64, _ other: UInt64) -> UInt64 {
    let product = one.multipliedFullWidth(by: other)
    return product.high ^ product.low
  }

  /// The newest connection with this hash for which `isIt` holds, if any.
  @inline(__always)
  func find(_ hash: UInt64, _ isIt: (Int) -> Bool) -> Int? {
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    let tag = hash >> 32
    while true {
      let slot = slots[place]
      if slot == 0 { return nil }
      if slot >> 32 == tag {
        let id = Int(slot & 0xFFFF_FFFF) - 1
        if isIt(id) { return id }
      }
      place = (place + 1) & mask
    }
  }

  /// Adds a connection, which from now on is the one that is found in the place of those for which `isSame` holds; ids
  /// are given in ascending order from 0.
  mutating func insert(_ hash: UInt64, _ isSame: (Int) -> Bool) {
    if used * 2 >= slots.count { grow() }
    hashes.append(hash)
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while slots[place] != 0 {
      if slots[place] >> 32 == hash >> 32, isSame(Int(slots[place] & 0xFFFF_FFFF) - 1) {
        slots[place] = Self.entry(hash, hashes.count - 1)
        return
      }
      place = (place + 1) & mask
    }
    slots[place] = Self.entry(hash, hashes.count - 1)
    used += 1
  }

  private static func entry(_ hash: UInt64, _ id: Int) -> UInt64 {
    hash & 0xFFFF_FFFF_0000_0000 | UInt64(truncatingIfNeeded: id + 1)
  }

  /// Only the connections that are still found move.
  @inline(never)
  private mutating func grow() {
    let held = slots
    slots = Array(repeating: 0, count: held.count * 2)
    let mask = slots.count - 1
    for slot in held where slot != 0 {
      var place = Int(truncatingIfNeeded: hashes[Int(slot & 0xFFFF_FFFF) - 1]) & mask
      while slots[place] != 0 { place = (place + 1) & mask }
      slots[place] = slot
    }
  }
}

/// Local connections by a key of each, to find those that share one.
///
///     slots:  hash of the key → the last one with it          before: the one before with the same key
///
/// It has a key of its own for hashing: nobody can choose numbers that lie in one place. What is found does not depend on
/// it. Rejected: sorting, which for 100,000 connections takes three times as long.
struct SameKeys {
  /// The connections, in the order in which they were added.
  private(set) var locals: [LocalConnection] = []
  private var keys: [UInt64] = []
  /// For each, the one before with the same key; −1 if there is none.
  private var before: [Int32] = []
  /// For each, whether one with the same key came after it.
  private var isFollowed: [Bool] = []
  /// One more than the place of the last with a key; 0 where there is none.
  private var slots: [UInt32]
  private let shift: UInt64
  private let hashKey = UInt64.random(in: .min ... .max) | 1

  /// Room for so many connections, more of which must not be added.
  init(room: Int) {
    let bits = max(4, Int.bitWidth - (2 * room).leadingZeroBitCount)
    slots = Array(repeating: 0, count: 1 << bits)
    shift = UInt64(64 - bits)
    locals.reserveCapacity(room)
    keys.reserveCapacity(room)
    before.reserveCapacity(room)
    isFollowed.reserveCapacity(room)
  }

  /// Adds a connection.
  mutating func add(_ key: UInt64, _ local: LocalConnection) {
    let product = (key ^ hashKey).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15 ^ hashKey)
    var place = Int((product.high ^ product.low) >> shift)
    while slots[place] != 0, keys[Int(slots[place]) - 1] != key { place = (place + 1) & (slots.count - 1) }
    let last = Int32(slots[place]) - 1
    if last >= 0 { isFollowed[Int(last)] = true }
    slots[place] = UInt32(locals.count + 1)
    locals.append(local)
    keys.append(key)
    before.append(last)
    isFollowed.append(false)
  }

  /// Calls `body` with the places of connections that share a key, of two at least, in the order in which they were added;
  /// each set once.
  func forEachSet(_ body: ([Int]) -> Void) {
    var places: [Int] = []
    for last in locals.indices where !isFollowed[last] && before[last] >= 0 {
      places.removeAll(keepingCapacity: true)
      var place = last
      while place >= 0 {
        places.append(place)
        place = Int(before[place])
      }
      places.reverse()
      body(places)
    }
  }
}

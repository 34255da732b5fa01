/// What the judges of a direction remember of one part of a long connection when they come to the next; where it is judged as
/// a whole, they find it when they need it.
struct JudgesMemory {
  private var places: [Place] = []

  private struct Place {
    var absences = Absences()
    var counterparts: Set<Int> = []
    /// The arrival whose upstream sighting is the latest so far; −1 if there is none.
    var newest = -1
    var usualTTL: UInt8?
  }

  /// Of a connection that is judged as a whole.
  static var none: JudgesMemory { JudgesMemory(places: 0) }

  init(places: Int) { self.places = Array(repeating: Place(), count: places) }

  /// Whether anything is remembered.
  var isKept: Bool { !places.isEmpty }

  /// The TTL that most packets have at a place: that of the connection's beginning, which `find` finds.
  mutating func usualTTL(_ place: Int, _ find: () -> UInt8?) -> UInt8? {
    guard isKept else { return find() }
    if let known = places[place].usualTTL { return known }
    places[place].usualTTL = find()
    return places[place].usualTTL
  }

  /// Hands out what is known of the packets that the place behind one lacks.
  mutating func recall(_ absences: inout Absences, _ place: Int) {
    if places.isEmpty { return }
    swap(&absences, &places[place].absences)
  }

  /// Takes it back, but for what the next part may show otherwise.
  mutating func keep(_ absences: inout Absences, _ place: Int) {
    if places.isEmpty { return }
    absences.times = nil
    if absences.hasLaterPieces == false { absences.hasLaterPieces = nil }
    if absences.reset?.timeNS == nil { absences.reset = nil }
    swap(&absences, &places[place].absences)
  }

  /// Hands out the packets upstream that stand for one without an origin.
  mutating func recall(_ counterparts: inout Set<Int>, _ place: Int) {
    if places.isEmpty { return }
    swap(&counterparts, &places[place].counterparts)
  }

  /// Takes them back.
  mutating func keep(_ counterparts: inout Set<Int>, _ place: Int) {
    if places.isEmpty { return }
    swap(&counterparts, &places[place].counterparts)
  }

  /// The latest sighting upstream of what has arrived at a place so far, and the arrival; −1 if there is none.
  func newest(_ place: Int, in trace: DirectionTrace) -> (upstream: Int32, arrival: Int) {
    guard !places.isEmpty, trace.ranges[place].contains(places[place].newest) else { return (-1, -1) }
    return (trace.transmissions[places[place].newest].previous, places[place].newest)
  }

  /// Remembers that arrival.
  mutating func setNewest(_ place: Int, _ arrival: Int) {
    if places.isEmpty { return }
    places[place].newest = arrival
  }
}

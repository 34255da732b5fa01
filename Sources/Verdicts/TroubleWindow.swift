/// Chooses which packets of a long connection to show.
public enum TroubleWindow {
  /// The handshake, and as many packets on both sides of each troubled one as there is room for; ascending.
  ///
  /// - Parameters:
  ///   - count: how many packets there are, by time.
  ///   - troubled: indices of those to which something happened, ascending.
  ///   - most: how many to choose at most.
  public static func indices(of count: Int, troubled: [Int], most: Int) -> [Int] {
    guard count > most else { return Array(0..<count) }
    guard !troubled.isEmpty else { return Array(0..<max(0, most)) }
    let opening = max(0, min(6, most))
    var width = 0
    var kept = indices(opening, troubled, width: 0, count: count, most: most)
    // The step is halved whenever there is no room for it, down to the widest that fits.
    var step = most
    while step > 0 {
      let wider = indices(opening, troubled, width: width + step, count: count, most: .max)
      if wider.count <= most { (width, kept) = (width + step, wider) } else { step /= 2 }
    }
    return kept
  }

  private static func indices(_ opening: Int, _ troubled: [Int], width: Int, count: Int, most: Int) -> [Int] {
    var kept = Array(0..<opening)
    for index in troubled {
      let start = max((kept.last ?? -1) + 1, index - width)
      let end = min(count - 1, index + width)
      if start <= end { kept.append(contentsOf: start...end) }
    }
    return Array(kept.prefix(most))
  }
}

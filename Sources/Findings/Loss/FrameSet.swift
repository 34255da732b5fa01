/// A set of frames of one point, a bit for each.
struct FrameSet {
  /// The bits, 64 frames in each word; for loops that add many.
  var words: [UInt64]

  /// An empty set with room for the frames below `end`; others make room as they are added.
  init(below end: Int = 0) { words = Array(repeating: 0, count: (end + 63) / 64) }

  /// Adds a frame.
  @inline(__always)
  mutating func insert(_ frame: UInt32) {
    let word = Int(frame >> 6)
    if word >= words.count { grow(to: word) }
    words[word] |= 1 << UInt64(frame & 63)
  }

  @inline(never)
  private mutating func grow(to word: Int) {
    // A point has up to thousands of millions of frames: half as much again is enough.
    let count = max(word + 1, words.count + words.count / 2)
    words.reserveCapacity(count)
    words.append(contentsOf: repeatElement(0, count: count - words.count))
  }

  /// The number of frames in the set.
  var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// Whether a frame is in the set.
  @inline(__always)
  func contains(_ frame: UInt32) -> Bool {
    let word = Int(frame >> 6)
    return word < words.count && words[word] >> UInt64(frame & 63) & 1 != 0
  }

  /// For each of these frames, ascending, how many of the set come before it.
  func ranks(of frames: [UInt32]) -> [Int] {
    var (word, before) = (0, 0)
    return frames.map { frame in
      while word < min(Int(frame >> 6), words.count) {
        before += words[word].nonzeroBitCount
        word += 1
      }
      guard word < words.count else { return before }
      return before + (words[word] & (1 << UInt64(frame & 63) &- 1)).nonzeroBitCount
    }
  }
}

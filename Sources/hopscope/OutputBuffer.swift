/// Bytes on their way to standard output, written in large pieces; numbers are made without a `String`.
struct OutputBuffer {
  private var bytes: [UInt8] = []
  private var failure: Failure?

  /// Bytes that are written at once.
  private static let pieceSize = 1 << 16

  /// Adds text.
  mutating func append(_ text: StaticString) {
    // Safe: a StaticString lives as long as the program, and has no more bytes than it says.
    text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
  }

  /// Adds text that is not known beforehand.
  mutating func append(string: String) { bytes.append(contentsOf: string.utf8) }

  /// Adds one ASCII character.
  mutating func append(_ character: Unicode.Scalar) { bytes.append(UInt8(truncatingIfNeeded: character.value)) }

  /// Adds a number of at least `width` characters, filled up on the left.
  mutating func append(_ value: some BinaryInteger, width: Int = 1, fill: Unicode.Scalar = " ") {
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var count = 0
    var rest = UInt64(value.magnitude)
    repeat {
      digits[count] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
      count += 1
    } while rest > 0
    let written = value < 0 ? count + 1 : count
    for _ in written..<max(written, width) { bytes.append(UInt8(truncatingIfNeeded: fill.value)) }
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    while count > 0 {
      count -= 1
      bytes.append(digits[count])
    }
  }

  /// Adds nanoseconds as seconds with nine decimals.
  mutating func appendSeconds(_ nanoseconds: Int64) {
    if nanoseconds < 0 { append("-" as Unicode.Scalar) }
    let (seconds, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    append(seconds)
    append("." as Unicode.Scalar)
    append(rest, width: 9, fill: "0")
  }

  /// Adds spaces until the line that began at `start` has `column` characters, and at least one.
  mutating func pad(from start: Int, to column: Int) {
    repeat { bytes.append(UInt8(ascii: " ")) } while bytes.count - start < column
  }

  /// Bytes that are not written yet; a place to measure a column from, within one line.
  var count: Int { bytes.count }

  /// Ends a line, and writes if there is enough.
  mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    if bytes.count >= Self.pieceSize { flush() }
  }

  /// Writes the rest.
  ///
  /// - Throws: what went wrong, here or before.
  mutating func finish() throws(Failure) {
    flush()
    if let failure { throw failure }
  }

  private mutating func flush() {
    if failure == nil {
      do throws(Failure) {
        try StandardStreams.writeOutput(bytes)
      } catch {
        failure = error
      }
    }
    bytes.removeAll(keepingCapacity: true)
  }
}

import Reports

/// Bytes on their way to standard output, written in large pieces; numbers are made without a `String`.
struct OutputBuffer: ~Copyable {
  private var bytes = ByteBuffer(capacity: 2 * pieceSize)
  private var failure: Failure?

  /// Bytes that are written at once.
  private static let pieceSize = 1 << 16

  /// Adds text.
  mutating func append(_ text: StaticString) { bytes.append(text) }

  /// Adds text that is not known beforehand.
  mutating func append(string: String) { bytes.append(Array(string.utf8)) }

  /// Adds one ASCII character.
  mutating func append(_ character: Unicode.Scalar) { bytes.append(UInt8(truncatingIfNeeded: character.value)) }

  /// Adds a number.
  mutating func append(_ value: some BinaryInteger) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    bytes.append(digitsOf: UInt64(value.magnitude))
  }

  /// Adds a number of at least `width` characters, filled up on the left.
  mutating func append(_ value: some UnsignedInteger, width: Int, fill: Unicode.Scalar = " ") {
    bytes.append(digitsOf: UInt64(value), width: width, fill: UInt8(truncatingIfNeeded: fill.value))
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
        try unsafe bytes.withBytes { (piece) throws(Failure) in try unsafe StandardStreams.writeOutput(piece: piece) }
      } catch {
        failure = error
      }
    }
    bytes.removeAll()
  }
}

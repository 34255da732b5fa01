import Glibc

/// Powers and logarithms of two, by the C library: evidence is counted in bits.
enum Binary {
  /// The binary logarithm.
  static func log2(_ value: Double) -> Double {
    Glibc.log2(value)
  }

  /// Two to the power of `value`.
  static func exp2(_ value: Double) -> Double {
    Glibc.exp2(value)
  }
}

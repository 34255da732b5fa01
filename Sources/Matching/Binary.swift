#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Powers and logarithms of two, by the C library: evidence is counted in bits.
enum Binary {
  /// The binary logarithm.
  static func log2(_ value: Double) -> Double {
    #if canImport(Glibc)
      Glibc.log2(value)
    #else
      Darwin.log2(value)
    #endif
  }

  /// Two to the power of `value`.
  static func exp2(_ value: Double) -> Double {
    #if canImport(Glibc)
      Glibc.exp2(value)
    #else
      Darwin.exp2(value)
    #endif
  }
}

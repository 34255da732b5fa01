import Verdicts

/// Numbers as people read them, made with integer arithmetic.
enum Numbers {
  /// With a comma between thousands: `3,054`.
  static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// A count and what is counted: `1 packet`, `3,054 packets`.
  static func count(_ number: Int, _ noun: String) -> String {
    grouped(number) + " " + noun + (number == 1 ? "" : "s")
  }

  /// A share in percent without the sign: `0`, `<0.01`, `0.05`, `1.0`, `12.3`, `>99.9`, `100`.
  ///
  /// Only nothing is `0`, and only all is `100`.
  static func percentage(_ share: Double) -> String {
    guard share.isFinite, share > 0 else { return "0" }
    guard share < 1 else { return "100" }
    if share < 0.000_1 { return "<0.01" }
    if share < 0.000_995 { return fixed(Int((share * 10_000).rounded()), decimals: 2) }
    return share >= 0.999_5 ? ">99.9" : fixed(Int((share * 1_000).rounded()), decimals: 1)
  }

  /// A share in percent: `1.0 %`.
  static func percent(_ share: Double) -> String { percentage(share) + " %" }

  /// An interval of shares in percent: `0.7–1.5 %`.
  static func interval(_ interval: WilsonInterval) -> String {
    "\(percentage(interval.low))–\(percent(interval.high))"
  }

  /// A confidence in whole percent, rounded down, so that only certainty is 100 %.
  static func confidence(_ share: Double) -> String {
    // A millionth more, for shares such as 0.29 lie a hair below their decimal.
    share.isFinite ? "\(Int(max(0, min(1, share)) * 100 + 0.000_001)) %" : "0 %"
  }

  /// A number of so many decimals from the number of its last decimal: `(1_234, 2)` is `12.34`.
  static func fixed(_ number: Int, decimals: Int) -> String {
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let (whole, rest) = Int(clamping: number.magnitude).quotientAndRemainder(dividingBy: scale)
    let fraction = String(rest)
    let sign = number < 0 ? "-" : ""
    return sign + grouped(whole) + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  /// A drift with two decimals; "–" for one that no clock has, as a file of somebody else may claim.
  static func partsPerMillion(_ value: Double) -> String {
    value.magnitude < 1e12 ? fixed(Int((value * 100).rounded()), decimals: 2) : "–"
  }

  /// How to shorten a number.
  enum Rounding {
    case nearest
    /// Away from zero, for bounds: a bound must not shrink by being printed.
    case up
  }

  /// A duration in nanoseconds, in the unit that suits it: `350 ns`, `1.2 ms`, `31.2 s`, `812 ms`.
  static func duration(_ nanoseconds: Int64, _ rounding: Rounding = .nearest) -> String {
    let sign = nanoseconds < 0 ? "-" : ""
    let size = nanoseconds.magnitude
    if size < 1_000 { return "\(sign)\(size) ns" }
    for (unit, name) in [(UInt64(1_000), "µs"), (1_000_000, "ms"), (1_000_000_000, "s")] {
      let tenths = divide(size, by: unit / 10, rounding)
      if tenths < 1_000 {
        return sign + (tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)") + " " + name
      }
      let whole = divide(size, by: unit, rounding)
      if whole < 1_000 { return "\(sign)\(whole) \(name)" }
    }
    return sign + grouped(Int(divide(size, by: 1_000_000_000, rounding))) + " s"
  }

  /// Nanoseconds as milliseconds with three decimals: `-1,234.567`.
  static func milliseconds(_ nanoseconds: Int64, _ rounding: Rounding = .nearest) -> String {
    let micro = Int(divide(nanoseconds.magnitude, by: 1_000, rounding))
    return fixed(nanoseconds < 0 ? -micro : micro, decimals: 3)
  }

  private static func divide(_ number: UInt64, by divisor: UInt64, _ rounding: Rounding) -> UInt64 {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
    switch rounding {
    case .nearest: return quotient + (remainder >= divisor - remainder ? 1 : 0)
    case .up: return quotient + (remainder > 0 ? 1 : 0)
    }
  }
}

import ArgumentParser

/// A size in bytes as typed: a number, with K, M or G (powers of 1,024) behind it if wanted.
struct MemorySize: Equatable, Sendable, ExpressibleByArgument {
  var bytes: Int

  /// The size that `argument` names; `nil` unless it is a positive number with a known unit, and fits.
  init?(argument: String) {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    var digits = Substring(argument)
    var unit = 1
    if let last = digits.last, let known = units[Character(last.uppercased())] {
      unit = known
      digits = digits.dropLast()
    }
    guard let number = Int(digits), number > 0 else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    self.bytes = bytes
  }
}

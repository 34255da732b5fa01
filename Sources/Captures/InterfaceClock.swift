/// How the times of one pcapng interface are to be read (options if_tsresol and if_tsoffset).
struct InterfaceClock {
  static let microseconds = InterfaceClock(ticksPerSecond: 1_000_000)

  private let ticksPerSecond: UInt64
  private let offsetSeconds: Int64
  /// 0 where the fast way does not do.
  private let nanosecondsPerTick: UInt64

  private init(ticksPerSecond: UInt64, offsetSeconds: Int64 = 0) {
    self.ticksPerSecond = ticksPerSecond
    self.offsetSeconds = offsetSeconds
    let isWhole = offsetSeconds == 0 && 1_000_000_000 % ticksPerSecond == 0
    nanosecondsPerTick = isWhole ? 1_000_000_000 / ticksPerSecond : 0
  }

  /// A clock by the value of if_tsresol: a negative power of 10, or of 2 if the highest bit is set.
  init(resolution: UInt8, offsetSeconds: Int64) throws(RecordFault) {
    let exponent = resolution & 0x7F
    let isBinary = resolution & 0x80 != 0
    // What 64 bits hold; no clock is finer.
    guard exponent <= (isBinary ? 63 : 19) else { throw .timeResolution(resolution) }
    let ticks = (0..<exponent).reduce(UInt64(1)) { product, _ in product * (isBinary ? 2 : 10) }
    self.init(ticksPerSecond: ticks, offsetSeconds: offsetSeconds)
  }

  /// Nanoseconds since the Unix epoch; a time that no 64-bit nanosecond can hold is clamped.
  @inline(__always) func nanoseconds(_ ticks: UInt64) -> Int64 {
    let (product, overflow) = ticks.multipliedReportingOverflow(by: nanosecondsPerTick)
    if nanosecondsPerTick != 0, !overflow, product <= UInt64(Int64.max) { return Int64(product) }
    return slowly(ticks)
  }

  @inline(never) private func slowly(_ ticks: UInt64) -> Int64 {
    let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: ticksPerSecond)
    let scaled = rest.multipliedFullWidth(by: 1_000_000_000)
    let fraction = Int64(ticksPerSecond.dividingFullWidth(scaled).quotient)
    let (sum, overflow) = Int64(clamping: seconds).addingReportingOverflow(offsetSeconds)
    guard !overflow else { return .max }
    let (whole, tooLarge) = sum.multipliedReportingOverflow(by: 1_000_000_000)
    // One above the least number, which stands for "before every frame".
    if tooLarge { return sum < 0 ? .min + 1 : .max }
    let (time, carried) = whole.addingReportingOverflow(fraction)
    return carried ? .max : max(time, .min + 1)
  }
}

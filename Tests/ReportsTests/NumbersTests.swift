import Testing

@testable import Reports

@Suite struct NumbersTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567"), (Int.max, "9,223,372,036,854,775,807"),
  ])
  func `thousands are set apart`(_ number: Int, _ text: String) {
    #expect(Numbers.grouped(number) == text)
  }

  @Test func `one packet is not packets`() {
    #expect(Numbers.count(1, "packet") == "1 packet")
    #expect(Numbers.count(3_054, "packet") == "3,054 packets")
    #expect(Numbers.count(0, "packet") == "0 packets")
  }

  @Test(arguments: [
    (0.0, "0"), (0.000_000_3, "<0.01"), (0.000_1, "0.01"), (0.000_5, "0.05"), (0.01, "1.0"), (32.0 / 3_054, "1.0"),
    (0.123_4, "12.3"), (0.999, "99.9"), (0.999_9, ">99.9"), (1.0, "100"), (.nan, "0"),
  ])
  func `only nothing is 0 percent and only all is 100`(_ share: Double, _ text: String) {
    #expect(Numbers.percentage(share) == text)
  }

  @Test(arguments: [(1.0, "100 %"), (0.999, "99 %"), (0.29, "29 %"), (0.0, "0 %"), (.nan, "0 %"), (7.0, "100 %")])
  func `confidence is rounded down`(_ share: Double, _ text: String) {
    #expect(Numbers.confidence(share) == text)
  }

  @Test(arguments: [
    (Int64(0), "0 ns"), (350, "350 ns"), (1_000, "1 µs"), (1_249_999, "1.2 ms"), (99_949, "99.9 µs"),
    (99_950, "100 µs"), (999_950, "1 ms"), (31_204_000_000, "31.2 s"), (3_600_000_000_000, "3,600 s"),
    (-1_500, "-1.5 µs"), (Int64.min, "-9,223,372,037 s"),
  ])
  func `a duration takes the unit that suits it`(_ nanoseconds: Int64, _ text: String) {
    #expect(Numbers.duration(nanoseconds) == text)
  }

  @Test func `a bound is never made smaller`() {
    #expect(Numbers.duration(1_200_001, .up) == "1.3 ms")
    #expect(Numbers.duration(1_200_000, .up) == "1.2 ms")
    #expect(Numbers.milliseconds(1, .up) == "0.001")
    #expect(Numbers.milliseconds(0, .up) == "0.000")
  }

  @Test(arguments: [(Int64(812_345_678), "812.346"), (-1_204, "-0.001"), (-3_001_204_000, "-3,001.204"), (0, "0.000")])
  func `an offset is in milliseconds to the microsecond`(_ nanoseconds: Int64, _ text: String) {
    #expect(Numbers.milliseconds(nanoseconds) == text)
  }
}

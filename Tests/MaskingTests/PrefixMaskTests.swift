import Testing

@testable import Masking

@Suite struct PrefixMaskTests {
  /// The key and the addresses of the sample trace that the authors of Crypto-PAn published.
  private static let key: [UInt8] = [
    21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16, 216, 152, 143, 131, 121, 121, 101, 39, 98, 87,
    76, 45, 42, 132, 34, 2,
  ]

  @Test(
    arguments: [
      ([128, 11, 68, 132], [135, 242, 180, 132]), ([129, 118, 74, 4], [134, 136, 186, 123]),
      ([130, 132, 252, 244], [133, 68, 164, 234]), ([141, 223, 7, 43], [141, 167, 8, 160]),
      ([24, 0, 250, 221], [100, 15, 198, 226]),
    ] as [([UInt8], [UInt8])])
  func `addresses become those of the published sample`(address: [UInt8], masked: [UInt8]) {
    #expect(PrefixMask(bytes: Self.key).masked(address) == masked)
  }

  /// Bits that two addresses have in common at their start.
  private func common(_ one: [UInt8], _ other: [UInt8]) -> Int {
    var bits = 0
    for (left, right) in zip(one, other) {
      guard left == right else { return bits + (left ^ right).leadingZeroBitCount }
      bits += 8
    }
    return bits
  }

  @Test func `two addresses have as many first bits in common as before`() {
    let mask = PrefixMask(key: "a key")
    var random = SystemRandomNumberGenerator()
    for length in [4, 16] {
      let first = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      for bit in 0..<length * 8 {
        var other = first
        other[bit / 8] ^= 0x80 >> UInt8(bit % 8)
        #expect(common(mask.masked(first), mask.masked(other)) == bit)
      }
    }
  }

  @Test func `the same key gives the same addresses, another key others`() {
    let address: [UInt8] = [10, 1, 0, 13]
    #expect(PrefixMask(key: "one").masked(address) == PrefixMask(key: "one").masked(address))
    #expect(PrefixMask(key: "one").masked(address) != PrefixMask(key: "two").masked(address))
  }
}

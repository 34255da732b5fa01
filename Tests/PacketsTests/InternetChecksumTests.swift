import TestSupport
import Testing

@testable import Packets

@Suite struct InternetChecksumTests {
  func sum(_ bytes: [UInt8], from start: Int = 0, mayBeWide: Bool = true) -> UInt16 {
    InternetChecksum.sum(bytes.span.bytes, from: start, to: bytes.count, mayBeWide: mayBeWide)
  }

  @Test func `the example of RFC 1071 sums up`() {
    let bytes: [UInt8] = [0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]
    #expect(sum(bytes) == 0xDDF2)
  }

  @Test func `the fast sum agrees with the plain one for every length, wherever the bytes begin`() {
    var random = SplitMix64(seed: 2)
    for length in 0..<300 {
      let start = Int(random.next() % 9)
      let bytes = random.bytes(start + length)
      let plain = Checksum.sum(Array(bytes[start...]))
      #expect(sum(bytes, from: start) == plain, "\(length) bytes")
      #expect(sum(bytes, from: start, mayBeWide: false) == plain, "\(length) bytes")
    }
  }

  @Test func `carries are not lost`() {
    for length in [2, 8, 31, 32, 33, 64, 1460, 65_535] {
      let ones = Array(repeating: 0xFF as UInt8, count: length)
      #expect(sum(ones) == Checksum.sum(ones))
    }
    #expect(InternetChecksum.fold(.max) == 0xFFFF)
    #expect(InternetChecksum.fold(0xFFFF_FFFF_0000_0001) == 1)
  }
}

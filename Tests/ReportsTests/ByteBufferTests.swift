import Testing

@testable import Reports

@Suite struct ByteBufferTests {
  @Test(arguments: 0...40)
  func `text of any length is added whole, also where the buffer has to grow`(_ length: Int) {
    let text = String(decoding: (0..<length).map { UInt8(ascii: "a") + UInt8($0 % 26) }, as: UTF8.self)
    var buffer = ByteBuffer(capacity: 1)
    buffer.append(UInt8(ascii: "<"))
    unsafe Array(text.utf8).withUnsafeBufferPointer { unsafe buffer.append($0) }
    buffer.append(">")
    #expect(String(decoding: buffer.array, as: UTF8.self) == "<\(text)>")
  }

  @Test func `a number has the digits that Swift gives it`() {
    var numbers: [UInt64] = [0, .max]
    var power: UInt64 = 1
    for _ in 0..<19 {
      power *= 10
      numbers += [power - 1, power, power + 1, power / 2]
    }
    for number in numbers {
      var buffer = ByteBuffer(capacity: 1)
      buffer.append(digitsOf: number)
      #expect(String(decoding: buffer.array, as: UTF8.self) == String(number))
    }
  }

  @Test(arguments: [(7, 3, "0", "007"), (1234, 3, "0", "1234"), (42, 6, " ", "    42"), (0, 2, "0", "00")])
  func `a number is filled up on the left`(_ number: UInt64, _ width: Int, _ fill: String, _ expected: String) {
    var buffer = ByteBuffer()
    buffer.append(digitsOf: number, width: width, fill: fill.utf8.first ?? 0)
    #expect(String(decoding: buffer.array, as: UTF8.self) == expected)
  }

  @Test func `bytes of which one is not such are not added`() {
    var buffer = ByteBuffer()
    let isAdded = unsafe Array("ab\"c".utf8).withUnsafeBufferPointer { bytes in
      unsafe buffer.append(bytes, ifAll: { $0 != UInt8(ascii: "\"") })
    }
    #expect(!isAdded && buffer.count == 0)
  }
}

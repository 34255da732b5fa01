import Foundation
import TestSupport
import Testing

/// Captures with every kind of damage, as the program reads them: what stands before it is analysed, and it is named.
@Suite struct DamageTests {
  private static let sample = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Samples/loss-firewall/client.pcap")

  /// Where the records of a little-endian pcap file begin, and where the last one ends.
  private static func records(of data: Data) -> [Int] {
    var starts = [24]
    while let start = starts.last, start + 16 <= data.count {
      let length = (0..<4).reduce(0) { $0 | Int(data[start + 8 + $1]) << (8 * $1) }
      starts.append(start + 16 + length)
    }
    return starts
  }

  @Test func `a capture cut at any byte of its header or its first records is read up to there`() throws {
    let whole = try Data(contentsOf: Self.sample)
    let records = Self.records(of: whole)
    for length in Array(0..<60) + [records[2] - 1, records[2], records[2] + 1, records[9] + 16, whole.count - 1] {
      try withTemporaryFolder { folder in
        let path = try folder.add("client.pcap", whole.prefix(length))
        let outcome = try Program.analyze(path)
        let frames = records.dropFirst().prefix { $0 <= length }.count
        let isAtEnd = records.contains(length)
        // Nothing can be read only where not even the header is whole.
        #expect(outcome.status == (length < 24 ? 3 : 0), "\(length) bytes")
        if length >= 24, !isAtEnd {
          let start = records.last { $0 <= length } ?? 24
          let said = "is cut within frame \(frames + 1) (byte \(start)); the \(frames) frames before it were analysed"
          #expect(outcome.errors.contains(said), "\(length) bytes: \(outcome.errors)")
        }
      }
    }
  }

  @Test func `a capture without a packet is said to have none, and the other is not blamed for it`() throws {
    try withTemporaryFolder { folder in
      let empty = try folder.add("empty.pcap", try Data(contentsOf: Self.sample).prefix(24))
      let outcome = try Program.analyze(Self.sample.path, empty)
      #expect(outcome.output.contains("empty: no packet in this capture."))
      #expect(!outcome.output.contains("no packet in common"))
    }
  }

  /// What a damaged capture is, and what is said of it; `nil` where it is read to its end.
  static let damaged: [(name: String, change: @Sendable (inout Data) -> Void, says: String?)] = [
    (
      "a record of 4 GiB", { $0.replaceSubrange(32..<36, with: [0xFF, 0xFF, 0xFF, 0xFF]) },
      "is damaged at frame 1 (byte 24)"
    ),
    ("a snap length of 4 GiB", { $0.replaceSubrange(16..<20, with: [0xFF, 0xFF, 0xFF, 0xFF]) }, nil),
    ("a snap length of 0", { $0.replaceSubrange(16..<20, with: [0, 0, 0, 0]) }, nil),
    ("times of 0", { $0.replaceSubrange(24..<32, with: [0, 0, 0, 0, 0, 0, 0, 0]) }, nil),
    ("a time of 2106", { $0.replaceSubrange(24..<28, with: [0xFF, 0xFF, 0xFF, 0xFF]) }, nil),
    ("a million µs and more", { $0.replaceSubrange(28..<32, with: [0xFF, 0xFF, 0xFF, 0xFF]) }, nil),
    ("an unknown link type", { $0.replaceSubrange(20..<24, with: [147, 0, 0, 0]) }, "147"),
  ]

  @Test(arguments: damaged.indices)
  func `a damaged capture is read as far as it goes, and the damage is named`(_ index: Int) throws {
    var data = try Data(contentsOf: Self.sample)
    Self.damaged[index].change(&data)
    try withTemporaryFolder { folder in
      let outcome = try Program.analyze(
        try folder.add("client.pcap", data), try folder.add("server.pcap", Data(contentsOf: Self.sample)))
      #expect(outcome.status == 0)
      if let says = Self.damaged[index].says { #expect(outcome.errors.contains(says), "\(outcome.errors)") }
    }
  }

  @Test func `damage in one of two captures leaves the other one whole`() throws {
    try withTemporaryFolder { folder in
      let rubbish = Data((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 7) })
      let outcome = try Program.analyze(
        try folder.add("broken.pcap", rubbish), try folder.add("server.pcap", Data(contentsOf: Self.sample)))
      #expect(outcome.status == 3)
      #expect(outcome.errors.contains("broken.pcap is not a capture"))
      #expect(outcome.output.contains("server"))
    }
  }
}

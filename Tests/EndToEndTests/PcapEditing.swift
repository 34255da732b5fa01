import Foundation

/// A little-endian pcap file, taken apart into its header and its records.
struct PcapEditing {
  private let header: Data
  private let records: [Data]

  init(_ file: URL) throws {
    let data = try Data(contentsOf: file)
    header = data.prefix(24)
    var records: [Data] = []
    var start = 24
    while start + 16 <= data.count {
      let length = Int(Self.word(data, at: start + 8))
      records.append(Data(data[start..<start + 16 + length]))
      start += 16 + length
    }
    self.records = records
  }

  /// Number of records.
  var count: Int { records.count }

  /// Writes the records of a range into a file, their times moved by `seconds`.
  func write(_ range: Range<Int>? = nil, movedBy seconds: Int = 0, to file: URL) throws {
    var data = header
    for record in records[range ?? 0..<records.count] {
      let time = UInt32(truncatingIfNeeded: Int(Self.word(record, at: 0)) + seconds)
      data += withUnsafeBytes(of: time.littleEndian) { Data($0) }
      data += record.dropFirst(4)
    }
    try data.write(to: file)
  }

  private static func word(_ data: Data, at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(data[offset + $1]) << UInt32(8 * $1) }
  }
}

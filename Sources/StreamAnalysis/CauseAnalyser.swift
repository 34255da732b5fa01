public import Packets

/// Finds the causes of what ``StreamAnalyser`` flags; much of it shows only later, so they are told at the end.
///
///     if let said = analyser.add(packet) { causes.add(packet.record, said) }
///     …
///     for found in causes.finish() { found.frame; found.cause }
public struct CauseAnalyser: Sendable {
  private var streams: [StreamCauses] = []
  private var found: [FrameCause] = []

  /// An analyser that has seen nothing.
  public init() {}

  /// Takes the next segment that an analyser of streams has named; one quoted in an ICMP error is passed over.
  ///
  /// - Returns: whether there is a cause to tell of this frame, which need not be one that is flagged.
  @discardableResult
  public mutating func add(_ record: PacketRecord, _ said: StreamAnalyser.Said) -> Bool {
    guard !record.marks.contains(.icmpError) else { return false }
    let stream = Int(said.stream)
    while streams.count <= stream { streams.append(StreamCauses()) }
    let before = found.count
    streams[stream].add(record, said, &found)
    return found.count > before && found[before...].contains { $0.frame == record.frame }
  }

  /// Every cause, by frame number; the analyser is spent.
  public consuming func finish() -> [FrameCause] {
    var found = found
    for index in streams.indices { streams[index].finish(&found) }
    return found.sorted { $0.frame < $1.frame }
  }
}

import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// Makes the samples of all segments and directions with enough losses, by reading all packets of their upstream points
/// once.
struct LossSampling {
  /// Fewer losses have no pattern.
  static let fewestLosses = 20

  private let file: CaseFile
  private let position: Int
  private var samples: [LossSample]
  /// Whether the packets of each sample go towards the far point.
  private let towardsFar: [Bool]

  /// The samples of all segments and directions with enough losses, by segment; made on so many threads.
  static func all(of file: CaseFile, threads: Int) -> [LossSample] {
    var found: [Place: [PacketEvent]] = [:]
    for event in file.tally.events where event.kind == .drop && !event.isICMPError {
      guard event.between.far == event.between.near + 1, let upstream = event.upstream else { continue }
      let place = Place(pair: event.between, direction: event.direction, position: upstream.position)
      found[place, default: []].append(event)
    }
    let places = found.filter { $0.value.count >= fewestLosses }.sorted { $0.key < $1.key }
    let positions = Set(places.map(\.key.position)).sorted()
    let samples = SideBySide.map(positions, threads: threads) { position in
      LossSampling(file, position, places.filter { $0.key.position == position }).taken()
    }
    return samples.flatMap { $0 }.sorted { ($0.pair, $0.direction.rawValue) < ($1.pair, $1.direction.rawValue) }
  }

  /// A segment, a direction, and the point that its packets pass first.
  private struct Place: Hashable, Comparable {
    var pair: PointPair
    var direction: Direction
    var position: Int

    static func < (left: Place, right: Place) -> Bool {
      (left.pair, left.direction.rawValue, left.position) < (right.pair, right.direction.rawValue, right.position)
    }
  }

  private init(_ file: CaseFile, _ position: Int, _ places: [(key: Place, value: [PacketEvent])]) {
    self.file = file
    self.position = position
    let traffic = file.matched.points[position]
    samples = places.map { LossSample($0.key.pair, $0.key.direction, $0.value, upstream: traffic) }
    towardsFar = places.map { $0.key.pair.near == position }
  }

  /// The sample that the packets of one side of a connection belong to, if any.
  private func sample(
    of group: ConnectionGroup, _ index: Int, _ direction: Direction, hit: [Set<Int>]
  ) -> Int? {
    let goesToFar = (direction == .clientToServer) != group.reversed
    return samples.indices.first { sample in
      let further = towardsFar[sample] ? samples[sample].pair.far : samples[sample].pair.near
      return samples[sample].direction == direction && towardsFar[sample] == goesToFar
        && (group.members[further] >= 0 || hit[sample].contains(index))
    }
  }

  private consuming func taken() -> [LossSample] {
    let hit = samples.map { Set($0.lost.map(\.group)) }
    var run = Run()
    for (index, group) in file.matched.groups.enumerated() where group.members[position] >= 0 {
      let client: Direction = group.flipped[position] ? .serverToClient : .clientToServer
      let server: Direction = group.flipped[position] ? .clientToServer : .serverToClient
      let ofClient = sample(of: group, index, client, hit: hit)
      let ofServer = sample(of: group, index, server, hit: hit)
      if ofClient == nil, ofServer == nil { continue }
      if run.fromClient != ofClient || run.fromServer != ofServer {
        take(run)
        run = Run(fromClient: ofClient, fromServer: ofServer)
      }
      run.groups.append(index)
      run.connections.append(Int(group.members[position]))
    }
    take(run)
    for sample in samples.indices { samples[sample].finish() }
    return samples
  }

  /// Connections that follow one another, with the samples that their packets belong to: what the client's side sent, as
  /// the point sees it, to one, what the server's did to another.
  private struct Run {
    var fromClient: Int?
    var fromServer: Int?
    var groups: [Int] = []
    /// Their local connections.
    var connections: [Int] = []
  }

  /// Takes the packets of some connections.
  private mutating func take(_ run: Run) {
    if run.groups.isEmpty { return }
    // Moved out for the while, so that they share no memory with anything.
    var (client, server) = (OfferedPackets.unwanted, OfferedPackets.unwanted)
    if let fromClient = run.fromClient { swap(&client, &samples[fromClient].offered) }
    if let fromServer = run.fromServer { swap(&server, &samples[fromServer].offered) }
    let senders = OfferedPackets.take(
      run.connections, of: file.matched.points[position], client: &client, server: &server)
    if let fromClient = run.fromClient {
      for (group, sent) in zip(run.groups, senders) where sent.client { samples[fromClient].groups.append(group) }
      swap(&client, &samples[fromClient].offered)
    }
    if let fromServer = run.fromServer {
      for (group, sent) in zip(run.groups, senders) where sent.server { samples[fromServer].groups.append(group) }
      swap(&server, &samples[fromServer].offered)
    }
  }
}

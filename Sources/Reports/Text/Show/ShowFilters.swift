public import Verdicts

/// Which events to show; what is `nil` lets everything through.
public struct EventFilter: Sendable, Equatable {
  /// What happened.
  public var kind: Event.Kind?
  /// On a stretch that lies between these two points.
  public var between: PointPair?
  /// At a stretch that begins or ends at this point, or in its capture.
  public var point: Int?
  /// In this direction.
  public var direction: Direction?
  /// To a packet of the connection of this id.
  public var connection: Int?
  /// To this field, by Wireshark's name.
  public var field: String?
  /// No more than so many.
  public var limit: Int

  /// Everything, up to the limit.
  public init(limit: Int = .max) { self.limit = limit }

  func lets(_ event: Event) -> Bool {
    if let kind, event.kind != kind { return false }
    if let between, event.between.near < between.near || event.between.far > between.far { return false }
    if let point, event.point != point, event.between.near != point, event.between.far != point { return false }
    if let direction, event.direction != direction { return false }
    if let connection, event.connection != connection { return false }
    if let field, event.field != field { return false }
    return true
  }
}

/// Which connections to show; what is `nil` lets everything through.
public struct ConnectionFilter: Sendable, Equatable {
  /// Of this protocol.
  public var proto: String?
  /// With this text in one of its addresses, at any point.
  public var address: String?
  /// Only those to which something happened.
  public var onlyTroubled: Bool
  /// No more than so many.
  public var limit: Int

  /// Everything, up to the limit.
  public init(limit: Int = .max) {
    onlyTroubled = false
    self.limit = limit
  }

  func lets(_ connection: ConnectionReport) -> Bool {
    if let proto, connection.proto != proto { return false }
    if onlyTroubled, connection.events == 0, connection.lost == 0 { return false }
    guard let address else { return true }
    return connection.legs.contains { $0.client.contains(address) || $0.server.contains(address) }
  }
}

/// Which findings to show; what is `nil` lets everything through.
public struct FindingFilter: Sendable, Equatable {
  /// At least this bad.
  public var severity: Severity?
  /// Of this kind.
  public var kind: String?
  /// About the connection of this id.
  public var connection: Int?
  /// No more than so many.
  public var limit: Int

  /// Everything, up to the limit.
  public init(limit: Int = .max) { self.limit = limit }

  func lets(_ finding: Finding) -> Bool {
    if let severity, finding.severity > severity { return false }
    if let kind, finding.kind != kind { return false }
    if let connection, !finding.connections.contains(connection) { return false }
    return true
  }
}

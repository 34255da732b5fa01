import GRDB
import Verdicts

/// Single packets of the connections with most trouble: a row for each connection, its packets as one JSON array.
///
/// One row for each packet and point would take three times the room, and most of the time of writing an archive. The
/// views `transmissions` and `sightings` give such rows.
enum LaddersTable {
  static let table = Table(
    name: "ladders",
    columns: [
      "connection INTEGER PRIMARY KEY REFERENCES connections (connection)", "start_ns INTEGER NOT NULL",
      "packets_in_all INTEGER NOT NULL", "packets TEXT NOT NULL",
    ],
    order: "connection")

  static func insert(_ ladders: [Ladder], into db: Database) throws {
    let rows = try table.inserter(in: db)
    for ladder in ladders {
      let start = ladder.packets.first?.sightings.first?.timeNS ?? 0
      try rows.insert { row in
        row.add(ladder.connection)
        row.add(start)
        row.add(ladder.packetsInAll)
        row.add(LadderJSON.text(of: ladder.packets, since: start))
      }
    }
  }

  /// The ladder of one connection; `nil` if the archive has none.
  static func ladder(of connection: Int, in db: Database) throws -> Ladder? {
    let heads = try table.rows(
      of: db, sql: "SELECT start_ns, packets_in_all FROM ladders WHERE connection = ?", [connection]
    ) { row in (start: try row.integer() as Int64, packetsInAll: try row.integer() as Int) }
    guard let head = heads.first else { return nil }
    let sightings = try sightings(of: connection, since: head.start, in: db)
    let events = try events(of: connection, in: db)
    let packets = try table.rows(of: db, sql: packetsQuery, [connection]) { row in
      let place: Int = try row.integer()
      return Ladder.Packet(
        direction: try row.word(), flags: try row.integerIfAny(), sequence: try row.integerIfAny(),
        offset: try row.integerIfAny(), ackOffset: try row.integerIfAny(), length: try row.integer(),
        sightings: sightings[place] ?? [], fate: try row.word(), events: events[place] ?? [],
        skipped: try row.integer())
    }
    return Ladder(connection: connection, packetsInAll: head.packetsInAll, packets: packets)
  }

  private static let packetsQuery = """
    SELECT p.key AS packet, p.value ->> 0 AS direction, p.value ->> 1 AS flags, p.value ->> 2 AS seq,
      p.value ->> 3 AS first_byte, p.value ->> 4 AS acknowledged, p.value ->> 5 AS length, p.value ->> 6 AS fate,
      p.value ->> 7 AS skipped
    FROM ladders AS l, json_each(l.packets) AS p
    WHERE connection = ?
    ORDER BY p.key
    """

  private static func sightings(
    of connection: Int, since start: Int64, in db: Database
  ) throws -> [Int: [Ladder.Sighting]] {
    let sql = """
      SELECT p.key AS packet, s.value ->> 0 AS point, s.value ->> 1 AS file, s.value ->> 2 AS frame,
        s.value ->> 3 AS since_start
      FROM ladders AS l, json_each(l.packets) AS p, json_each(p.value, '$[9]') AS s
      WHERE connection = ?
      ORDER BY p.key, s.key
      """
    return grouped(
      try table.rows(of: db, sql: sql, [connection]) { row in
        let packet: Int = try row.integer()
        let frame = try row.frame()
        return (packet, Ladder.Sighting(frame: frame, timeNS: start &+ (try row.integer())))
      })
  }

  /// Indices into the events of the report, by packet.
  private static func events(of connection: Int, in db: Database) throws -> [Int: [Int]] {
    let sql = """
      SELECT p.key AS packet, e.value AS event
      FROM ladders AS l, json_each(l.packets) AS p, json_each(p.value, '$[8]') AS e
      WHERE connection = ?
      ORDER BY p.key, e.key
      """
    return grouped(
      try table.rows(of: db, sql: sql, [connection]) { row in
        let packet: Int = try row.integer()
        return (packet, try row.integer() as Int &- 1)
      })
  }
}

/// The packets of a ladder as JSON.
///
/// Each is `[direction, flags, seq, first byte, acknowledged, length, fate, skipped, [event, …], [[point, file, frame,
/// ns since the start], …]]`, as `docs/archive.md` says.
enum LadderJSON {
  static func text(of packets: [Ladder.Packet], since start: Int64) -> String {
    var json = "["
    for (index, packet) in packets.enumerated() {
      json += index == 0 ? "[\"" : ",[\""
      json += packet.direction.word
      json += "\","
      add(packet.flags, to: &json)
      add(packet.sequence, to: &json)
      add(packet.offset, to: &json)
      add(packet.ackOffset, to: &json)
      add(packet.length, to: &json)
      json += "\"\(packet.fate.word)\","
      add(packet.skipped, to: &json)
      json += JSONArray.text(of: packet.events.map { $0 + 1 })
      json += ",["
      for (hop, sighting) in packet.sightings.enumerated() {
        json += hop == 0 ? "[" : ",["
        add(sighting.frame.point, to: &json)
        add(sighting.frame.file, to: &json)
        add(sighting.frame.frame, to: &json)
        json += String(sighting.timeNS &- start)
        json += "]"
      }
      json += "]]"
    }
    return json + "]"
  }

  private static func add(_ number: (some FixedWidthInteger)?, to json: inout String) {
    json += number.map { String($0) } ?? "null"
    json += ","
  }
}

/// Answers to the questions that are asked first, with names in place of positions.
enum ArchiveViews {
  /// Every view, as SQL creates it.
  static let all = [
    lossBySegment, worstConnections, natTable, proofFrames, eventList, changedFields, delayBySegment, clocks, captures,
    transmissions, sightings,
  ]

  /// A row for each segment and direction, in path order.
  static let lossBySegment = """
    CREATE VIEW loss_by_segment AS
    SELECT a.name AS near, b.name AS far, inside, direction, offered, delivered, lost,
      round(100.0 * lost / (delivered + s.not_captured + lost), 3) AS lost_percent, lost_bytes,
      s.not_captured, outside_coverage, undecided
    FROM segments AS s
    JOIN points AS a ON a.position = s.near
    JOIN points AS b ON b.position = s.far
    ORDER BY s.segment, s.direction
    """

  /// The connections to which something happened, those with most losses first.
  static let worstConnections = """
    CREATE VIEW worst_connections AS
    SELECT c.connection, protocol, client, server, lost, events, bytes_c2s, bytes_s2c,
      round((end_ns - start_ns) / 1e9, 6) AS seconds
    FROM connections AS c
    LEFT JOIN legs AS l ON l.connection = c.connection AND l.leg = 0
    WHERE events > 0 OR lost > 0
    ORDER BY lost DESC, events DESC, c.connection
    """

  /// A row for each connection and stretch on which an address or port changes; `before` is the client's side.
  static let natTable = """
    CREATE VIEW nat_table AS
    SELECT connection, protocol, near, far, client_before, client_after, server_before, server_after
    FROM (
      SELECT l.connection, l.leg, protocol, lag(p.name) OVER path AS near, p.name AS far,
        lag(client) OVER path AS client_before, client AS client_after,
        lag(server) OVER path AS server_before, server AS server_after
      FROM legs AS l
      JOIN connections AS c ON c.connection = l.connection
      JOIN points AS p ON p.position = l.point
      WINDOW path AS (PARTITION BY l.connection ORDER BY l.leg)
    )
    WHERE client_before <> client_after OR server_before <> server_after
    ORDER BY connection, leg
    """

  /// The frames that show each finding, with the file to open.
  static let proofFrames = """
    CREATE VIEW proof_frames AS
    SELECT e.finding, severity, kind, title, p.name AS point, path, frame, says
    FROM finding_evidence AS e
    JOIN findings AS f ON f.finding = e.finding
    JOIN points AS p ON p.position = e.point
    JOIN point_files AS pf ON pf.point = e.point AND pf.file = e.file
    ORDER BY e.finding, e.number
    """

  /// The events with names, times of day, and the files to open.
  static let eventList = """
    CREATE VIEW event_list AS
    SELECT event, strftime('%Y-%m-%d %H:%M:%f', time_ns / 1e9, 'unixepoch') AS utc, kind, a.name AS near,
      b.name AS far, direction, connection, uf.path AS upstream_path, upstream_frame, df.path AS downstream_path,
      downstream_frame, seq, length, field, value_before, value_after, confidence
    FROM events AS e
    JOIN points AS a ON a.position = e.near
    JOIN points AS b ON b.position = e.far
    LEFT JOIN point_files AS uf ON uf.point = upstream_point AND uf.file = upstream_file
    LEFT JOIN point_files AS df ON df.point = downstream_point AND df.file = downstream_file
    ORDER BY event
    """

  /// What each stretch does to each field, over all connections; harmful changes first.
  static let changedFields = """
    CREATE VIEW changed_fields AS
    SELECT a.name AS near, b.name AS far, direction, field, rule, count(DISTINCT connection) AS connections,
      sum(r.packets) AS packets, max(harmful) AS harmful
    FROM rewrites AS r
    JOIN points AS a ON a.position = r.near
    JOIN points AS b ON b.position = r.far
    GROUP BY r.near, r.far, direction, field, rule
    ORDER BY max(harmful) DESC, r.near, r.far, direction, field, rule
    """

  /// One-way delays in milliseconds; `error_ms` is what the clocks leave open.
  static let delayBySegment = """
    CREATE VIEW delay_by_segment AS
    SELECT a.name AS near, b.name AS far, direction, round(delay_p50_ns / 1e6, 3) AS p50_ms,
      round(delay_p95_ns / 1e6, 3) AS p95_ms, round(delay_max_ns / 1e6, 3) AS max_ms,
      round(delay_error_ns / 1e6, 3) AS error_ms
    FROM segments AS s
    JOIN points AS a ON a.position = s.near
    JOIN points AS b ON b.position = s.far
    WHERE delay_p50_ns IS NOT NULL
    ORDER BY s.segment, s.direction
    """

  /// Each clock against the reference clock, and how often it jumped.
  static let clocks = """
    CREATE VIEW clocks AS
    SELECT name AS point, round(clock_offset_ns / 1e6, 3) AS ahead_ms, round(clock_error_ns / 1e6, 3) AS error_ms,
      round(clock_drift_ppm, 2) AS drift_ppm, (SELECT count(*) FROM clock_steps AS s WHERE s.point = p.position) AS jumps,
      p.position = reference_clock AS is_reference
    FROM points AS p, analysis
    ORDER BY p.position
    """

  /// The capture files, where they were, and by what they are known again.
  static let captures = """
    CREATE VIEW captures AS
    SELECT name AS point, file, path, absolute_path, size, digest
    FROM point_files AS f
    JOIN points AS p ON p.position = f.point
    ORDER BY f.point, file
    """

  /// The packets of the connections that the archive keeps packets of, each once however many points have it.
  static let transmissions = """
    CREATE VIEW transmissions AS
    SELECT connection, p.key + 1 AS packet, p.value ->> 0 AS direction, p.value ->> 1 AS flags, p.value ->> 2 AS seq,
      p.value ->> 3 AS first_byte, p.value ->> 4 AS acknowledged, p.value ->> 5 AS length, p.value ->> 6 AS fate,
      p.value ->> 7 AS skipped, p.value -> 8 AS events
    FROM ladders AS l, json_each(l.packets) AS p
    ORDER BY connection, p.key
    """

  /// Where and when each of them was seen, in the order of its way.
  static let sightings = """
    CREATE VIEW sightings AS
    SELECT connection, p.key + 1 AS packet, s.key + 1 AS hop, name AS point, f.path, s.value ->> 2 AS frame,
      start_ns + (s.value ->> 3) AS time_ns
    FROM ladders AS l, json_each(l.packets) AS p, json_each(p.value, '$[9]') AS s
    JOIN points ON position = s.value ->> 0
    JOIN point_files AS f ON f.point = s.value ->> 0 AND f.file = s.value ->> 1
    ORDER BY connection, p.key, s.key
    """
}

/// Answers to the questions that are asked first, with names in place of positions.
enum ArchiveViews {
  /// Every view, as SQL creates it.
  static let all = [lossBySegment, worstConnections, natTable, proofFrames]

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
}

BEGIN TRANSACTION;
CREATE TABLE analysis (
  analysis INTEGER PRIMARY KEY CHECK (analysis = 1),
  order_source TEXT NOT NULL CHECK (order_source IN ('given', 'inferred')),
  order_confidence REAL NOT NULL,
  reference_clock INTEGER NOT NULL REFERENCES points (position),
  order_evidence TEXT NOT NULL
) STRICT;
INSERT INTO "analysis" VALUES(1,'given',1.0,0,'[]');
CREATE TABLE clock_steps (
  point INTEGER NOT NULL REFERENCES points (position),
  step INTEGER NOT NULL,
  time_ns INTEGER NOT NULL,
  by_ns INTEGER NOT NULL,
  PRIMARY KEY (point, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE connections (
  connection INTEGER PRIMARY KEY,
  rank INTEGER NOT NULL,
  protocol TEXT NOT NULL,
  match_confidence REAL NOT NULL,
  match_evidence TEXT NOT NULL,
  ambiguous_with TEXT NOT NULL,
  terminated_near INTEGER REFERENCES points (position),
  terminated_far INTEGER REFERENCES points (position),
  start_ns INTEGER NOT NULL,
  end_ns INTEGER NOT NULL,
  bytes_c2s INTEGER NOT NULL,
  bytes_s2c INTEGER NOT NULL,
  events INTEGER NOT NULL,
  lost INTEGER NOT NULL
) STRICT;
INSERT INTO "connections" VALUES(1,0,'tcp',1.0,'["isn"]','[]',NULL,NULL,1795217139638926559,1795217139893374017,101,206053,6,6);
CREATE TABLE events (
  event INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  near INTEGER NOT NULL REFERENCES points (position),
  far INTEGER NOT NULL REFERENCES points (position),
  point INTEGER REFERENCES points (position),
  direction TEXT NOT NULL CHECK (direction IN ('c2s', 's2c')),
  connection INTEGER NOT NULL REFERENCES connections (connection),
  time_ns INTEGER NOT NULL,
  upstream_point INTEGER,
  upstream_file INTEGER,
  upstream_frame INTEGER,
  downstream_point INTEGER,
  downstream_file INTEGER,
  downstream_frame INTEGER,
  ip_id INTEGER,
  seq INTEGER,
  length INTEGER NOT NULL,
  flags INTEGER,
  field TEXT,
  value_before ANY,
  value_after ANY,
  confidence REAL NOT NULL,
  evidence TEXT NOT NULL,
  FOREIGN KEY (upstream_point, upstream_file) REFERENCES point_files (point, file),
  FOREIGN KEY (downstream_point, downstream_file) REFERENCES point_files (point, file)
) STRICT;
INSERT INTO "events" VALUES(20,'drop',1,2,NULL,'s2c',1,1795217139711721999,2,0,856,NULL,NULL,NULL,32676,2943243246,1448,16,NULL,NULL,NULL,0.99,'["2 captures downstream lack it","the sender repeated the bytes"]');
INSERT INTO "events" VALUES(21,'drop',1,2,NULL,'s2c',1,1795217139760179556,2,0,977,NULL,NULL,NULL,32734,2943325782,1448,24,NULL,NULL,NULL,0.99,'["2 captures downstream lack it","the sender repeated the bytes"]');
INSERT INTO "events" VALUES(22,'drop',1,2,NULL,'c2s',1,1795217139768168496,1,0,1005,NULL,NULL,NULL,18501,2861942979,0,16,NULL,NULL,NULL,0.99,'["6 captures downstream lack it"]');
INSERT INTO "events" VALUES(23,'drop',1,2,NULL,'c2s',1,1795217139775403181,1,0,1056,NULL,NULL,NULL,18522,2861942979,0,16,NULL,NULL,NULL,0.99,'["6 captures downstream lack it"]');
INSERT INTO "events" VALUES(25,'drop',1,2,NULL,'s2c',1,1795217139778403917,2,0,1078,NULL,NULL,NULL,32779,2943390942,1448,24,NULL,NULL,NULL,0.99,'["2 captures downstream lack it","the sender repeated the bytes"]');
INSERT INTO "events" VALUES(26,'drop',1,2,NULL,'c2s',1,1795217139781818408,1,0,1115,NULL,NULL,NULL,18542,2861942979,0,16,NULL,NULL,NULL,0.99,'["6 captures downstream lack it"]');
CREATE TABLE finding_connections (
  finding INTEGER NOT NULL REFERENCES findings (finding),
  number INTEGER NOT NULL,
  connection INTEGER NOT NULL REFERENCES connections (connection),
  PRIMARY KEY (finding, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "finding_connections" VALUES(1,0,1);
CREATE TABLE finding_evidence (
  finding INTEGER NOT NULL REFERENCES findings (finding),
  number INTEGER NOT NULL,
  point INTEGER NOT NULL,
  file INTEGER NOT NULL,
  frame INTEGER NOT NULL,
  says TEXT NOT NULL,
  PRIMARY KEY (finding, number),
  FOREIGN KEY (point, file) REFERENCES point_files (point, file)
) STRICT, WITHOUT ROWID;
INSERT INTO "finding_evidence" VALUES(1,0,1,0,46,'ACK seq 877332402, 1448 bytes: not at fw1-out');
INSERT INTO "finding_evidence" VALUES(1,1,2,0,93,'ACK seq 1825418984, 0 bytes: not at fw1-in');
INSERT INTO "finding_evidence" VALUES(1,2,1,0,174,'ACK seq 3115534721, 0 bytes: not at fw1-out');
INSERT INTO "finding_evidence" VALUES(1,3,1,0,295,'ACK seq 1289756484, 0 bytes: not at fw1-out');
INSERT INTO "finding_evidence" VALUES(1,4,2,0,345,'PSH+ACK seq 2169502228, 1448 bytes: not at fw1-in');
CREATE TABLE findings (
  finding INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  severity TEXT NOT NULL,
  near INTEGER REFERENCES points (position),
  far INTEGER REFERENCES points (position),
  point INTEGER REFERENCES points (position),
  direction TEXT CHECK (direction IN ('c2s', 's2c')),
  title TEXT NOT NULL,
  explanation TEXT NOT NULL,
  confidence REAL NOT NULL,
  packets INTEGER NOT NULL,
  confirm TEXT NOT NULL
) STRICT;
INSERT INTO "findings" VALUES(1,'loss','fault',1,2,NULL,NULL,'32 packets lost between fw1-in and fw1-out','Seen at the upstream point and at no point behind it. c2s: 16 of 726, 2.2 % (95 % interval 1.4 % to 3.5 %); s2c: 16 of 838, 1.9 % (95 % interval 1.2 % to 3.1 %). 14 connections hit; the sender repeated 18 of the 32 lost packets.',9.89999999999999324984e-01,32,'Read the drop counters of fw1 (policy, connection table, queues) before and after a repetition.');
CREATE TABLE legs (
  connection INTEGER NOT NULL REFERENCES connections (connection),
  leg INTEGER NOT NULL,
  point INTEGER NOT NULL REFERENCES points (position),
  client TEXT NOT NULL,
  server TEXT NOT NULL,
  PRIMARY KEY (connection, leg)
) STRICT, WITHOUT ROWID;
INSERT INTO "legs" VALUES(1,0,0,'10.1.0.13:36817','198.51.100.80:80');
INSERT INTO "legs" VALUES(1,1,1,'10.1.0.13:36817','198.51.100.80:80');
INSERT INTO "legs" VALUES(1,2,2,'203.0.113.2:13350','198.51.100.80:80');
INSERT INTO "legs" VALUES(1,3,3,'203.0.113.2:13350','198.51.100.80:80');
INSERT INTO "legs" VALUES(1,4,4,'203.0.113.2:13350','10.9.1.10:8080');
INSERT INTO "legs" VALUES(1,5,5,'203.0.113.2:13350','10.9.1.10:8080');
INSERT INTO "legs" VALUES(1,6,6,'10.9.2.1:2095','10.9.2.20:80');
INSERT INTO "legs" VALUES(1,7,7,'10.9.2.1:2095','10.9.2.20:80');
CREATE TABLE point_files (
  point INTEGER NOT NULL REFERENCES points (position),
  file INTEGER NOT NULL,
  path TEXT NOT NULL,
  absolute_path TEXT,
  size INTEGER,
  digest TEXT,
  PRIMARY KEY (point, file)
) STRICT, WITHOUT ROWID;
INSERT INTO "point_files" VALUES(0,0,'/captures/loss-firewall/client.pcap','/captures/client.pcap',1000,'0000000000000000');
INSERT INTO "point_files" VALUES(1,0,'/captures/loss-firewall/fw1-in.pcap','/captures/fw1-in.pcap',1001,'0000000000000001');
INSERT INTO "point_files" VALUES(2,0,'/captures/loss-firewall/fw1-out.pcap','/captures/fw1-out.pcap',1002,'0000000000000002');
INSERT INTO "point_files" VALUES(3,0,'/captures/loss-firewall/fw2-in.pcap','/captures/fw2-in.pcap',1003,'0000000000000003');
INSERT INTO "point_files" VALUES(4,0,'/captures/loss-firewall/fw2-out.pcap','/captures/fw2-out.pcap',1004,'0000000000000004');
INSERT INTO "point_files" VALUES(5,0,'/captures/loss-firewall/lb-in.pcap','/captures/lb-in.pcap',1005,'0000000000000005');
INSERT INTO "point_files" VALUES(6,0,'/captures/loss-firewall/lb-out.pcap','/captures/lb-out.pcap',1006,'0000000000000006');
INSERT INTO "point_files" VALUES(7,0,'/captures/loss-firewall/server.pcap','/captures/server.pcap',1007,'0000000000000007');
CREATE TABLE points (
  position INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  packets INTEGER NOT NULL,
  link_type TEXT NOT NULL,
  first_ns INTEGER,
  last_ns INTEGER,
  clock_offset_ns INTEGER,
  clock_drift_ppm REAL,
  clock_error_ns INTEGER,
  not_captured INTEGER NOT NULL,
  duplicates INTEGER NOT NULL,
  truncated INTEGER NOT NULL,
  kernel_drops INTEGER,
  one_way TEXT CHECK (one_way IN ('c2s', 's2c')),
  offload INTEGER NOT NULL CHECK (offload IN (0, 1))
) STRICT;
INSERT INTO "points" VALUES(0,'client',1548,'EN10MB',1795217138887412514,1795217140485176631,0,0.0,0,0,0,0,NULL,NULL,0);
INSERT INTO "points" VALUES(1,'fw1-in',1548,'EN10MB',1795217138887456911,1795217140485239196,2884,-9.8688859385457821105e+00,39368,0,0,0,NULL,NULL,0);
INSERT INTO "points" VALUES(2,'fw1-out',1548,'EN10MB',1795217138908014574,1795217140485250356,419,-9.69229832052757345195e+00,50017,0,0,0,NULL,NULL,0);
INSERT INTO "points" VALUES(3,'fw2-in',1548,'EN10MB',1795217138918297138,1795217140495400851,10925,NULL,10095612,0,0,0,NULL,NULL,0);
INSERT INTO "points" VALUES(4,'fw2-out',1548,'EN10MB',1795217138918725444,1795217140495417566,10645,NULL,10102656,0,0,0,NULL,NULL,0);
INSERT INTO "points" VALUES(5,'lb-in',1548,'EN10MB',1795217138918776720,1795217140495531612,12994,NULL,10133392,0,0,0,NULL,NULL,0);
INSERT INTO "points" VALUES(6,'lb-out',1548,'EN10MB',1795217138918980777,1795217140495548847,12594,NULL,10140516,0,0,0,NULL,NULL,0);
INSERT INTO "points" VALUES(7,'server',1548,'EN10MB',1795217138919022118,1795217140495635064,18583,NULL,10167918,0,0,0,NULL,NULL,0);
CREATE TABLE remarks (
  remark INTEGER PRIMARY KEY,
  text TEXT NOT NULL
) STRICT;
INSERT INTO "remarks" VALUES(1,'2 entries of /captures/loss-firewall without a capture left out: topology.json, truth.json');
CREATE TABLE rewrites (
  rewrite INTEGER PRIMARY KEY,
  connection INTEGER NOT NULL REFERENCES connections (connection),
  near INTEGER NOT NULL REFERENCES points (position),
  far INTEGER NOT NULL REFERENCES points (position),
  direction TEXT NOT NULL CHECK (direction IN ('c2s', 's2c')),
  field TEXT NOT NULL,
  rule TEXT NOT NULL,
  value ANY,
  packets INTEGER NOT NULL,
  harmful INTEGER NOT NULL CHECK (harmful IN (0, 1)),
  upstream_point INTEGER,
  upstream_file INTEGER,
  upstream_frame INTEGER,
  downstream_point INTEGER,
  downstream_file INTEGER,
  downstream_frame INTEGER,
  value_before ANY,
  value_after ANY,
  FOREIGN KEY (upstream_point, upstream_file) REFERENCES point_files (point, file),
  FOREIGN KEY (downstream_point, downstream_file) REFERENCES point_files (point, file)
) STRICT;
INSERT INTO "rewrites" VALUES(1,1,1,2,'c2s','ip.src','set','203.0.113.2',121,0,1,0,790,2,0,789,'10.1.0.13','203.0.113.2');
INSERT INTO "rewrites" VALUES(2,1,1,2,'c2s','tcp.srcport','set',13350,121,0,1,0,790,2,0,789,36817,13350);
INSERT INTO "rewrites" VALUES(3,1,1,2,'s2c','ip.dst','set','10.1.0.13',143,0,2,0,794,1,0,795,'203.0.113.2','10.1.0.13');
INSERT INTO "rewrites" VALUES(4,1,1,2,'s2c','tcp.dstport','set',36817,143,0,2,0,794,1,0,795,13350,36817);
INSERT INTO "rewrites" VALUES(5,1,3,4,'c2s','ip.dst','set','10.9.1.10',121,0,3,0,791,4,0,791,'198.51.100.80','10.9.1.10');
INSERT INTO "rewrites" VALUES(6,1,3,4,'c2s','tcp.dstport','set',8080,121,0,3,0,791,4,0,791,80,8080);
INSERT INTO "rewrites" VALUES(7,1,3,4,'s2c','ip.src','set','198.51.100.80',146,0,4,0,792,3,0,792,'10.9.1.10','198.51.100.80');
INSERT INTO "rewrites" VALUES(8,1,3,4,'s2c','tcp.srcport','set',80,146,0,4,0,792,3,0,792,8080,80);
INSERT INTO "rewrites" VALUES(9,1,5,6,'c2s','ip.dst','set','10.9.2.20',121,0,5,0,791,6,0,791,'10.9.1.10','10.9.2.20');
INSERT INTO "rewrites" VALUES(10,1,5,6,'c2s','ip.src','set','10.9.2.1',121,0,5,0,791,6,0,791,'203.0.113.2','10.9.2.1');
INSERT INTO "rewrites" VALUES(11,1,5,6,'c2s','tcp.dstport','set',80,121,0,5,0,791,6,0,791,8080,80);
INSERT INTO "rewrites" VALUES(12,1,5,6,'c2s','tcp.srcport','set',2095,121,0,5,0,791,6,0,791,13350,2095);
INSERT INTO "rewrites" VALUES(13,1,5,6,'s2c','ip.dst','set','203.0.113.2',146,0,6,0,792,5,0,792,'10.9.2.1','203.0.113.2');
INSERT INTO "rewrites" VALUES(14,1,5,6,'s2c','ip.src','set','10.9.1.10',146,0,6,0,792,5,0,792,'10.9.2.20','10.9.1.10');
INSERT INTO "rewrites" VALUES(15,1,5,6,'s2c','tcp.dstport','set',13350,146,0,6,0,792,5,0,792,2095,13350);
INSERT INTO "rewrites" VALUES(16,1,5,6,'s2c','tcp.srcport','set',8080,146,0,6,0,792,5,0,792,80,8080);
CREATE TABLE segments (
  segment INTEGER NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('c2s', 's2c')),
  near INTEGER NOT NULL REFERENCES points (position),
  far INTEGER NOT NULL REFERENCES points (position),
  inside TEXT,
  offered INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  lost_bytes INTEGER NOT NULL,
  not_captured INTEGER NOT NULL,
  outside_coverage INTEGER NOT NULL,
  undecided INTEGER NOT NULL,
  reordered INTEGER NOT NULL,
  duplicated INTEGER NOT NULL,
  corrupted INTEGER NOT NULL,
  injected INTEGER NOT NULL,
  rewritten INTEGER NOT NULL,
  delay_min_ns INTEGER,
  delay_p50_ns INTEGER,
  delay_p95_ns INTEGER,
  delay_p99_ns INTEGER,
  delay_max_ns INTEGER,
  delay_error_ns INTEGER,
  PRIMARY KEY (segment, direction)
) STRICT, WITHOUT ROWID;
INSERT INTO "segments" VALUES(0,'c2s',0,1,NULL,726,726,0,0,0,0,0,0,0,0,0,0,10325,57929,300090,370740,439122,66291);
INSERT INTO "segments" VALUES(0,'s2c',0,1,NULL,822,822,0,0,0,0,0,0,0,0,0,0,10086,70251,283995,334840,434001,66291);
INSERT INTO "segments" VALUES(1,'c2s',1,2,'fw1',726,710,16,2896,0,0,0,0,0,0,0,0,789,5521,16747,34564,20557664,33775);
INSERT INTO "segments" VALUES(1,'s2c',1,2,'fw1',838,822,16,20936,0,0,0,0,0,0,0,0,403,5196,15071,36969,154700,33775);
INSERT INTO "segments" VALUES(2,'c2s',2,3,NULL,710,710,0,0,0,0,0,0,0,0,0,0,10027753,10136835,10256491,10453855,10701181,10116949);
INSERT INTO "segments" VALUES(2,'s2c',2,3,NULL,838,838,0,0,0,0,0,0,0,0,0,0,10028136,10134836,10329093,10598455,10614943,10116949);
INSERT INTO "segments" VALUES(3,'c2s',3,4,'fw2',710,710,0,0,0,0,0,0,0,0,0,0,442,5274,16856,34786,428309,32530);
INSERT INTO "segments" VALUES(3,'s2c',3,4,'fw2',838,838,0,0,0,0,0,0,0,0,0,0,-909,4351,8001,10590,43516,32530);
INSERT INTO "segments" VALUES(4,'c2s',4,5,NULL,710,710,0,0,0,0,0,0,0,0,0,0,13620,55993,298152,439579,443541,56655);
INSERT INTO "segments" VALUES(4,'s2c',4,5,NULL,838,838,0,0,0,0,0,0,0,0,0,0,13622,56729,269753,365629,386279,56655);
INSERT INTO "segments" VALUES(5,'c2s',5,6,'lb',710,710,0,0,0,0,0,0,0,0,0,0,685,5416,14245,21206,332606,32443);
INSERT INTO "segments" VALUES(5,'s2c',5,6,'lb',838,838,0,0,0,0,0,0,0,0,0,0,-1033,4397,9337,14481,39076,32443);
INSERT INTO "segments" VALUES(6,'c2s',6,7,NULL,710,710,0,0,0,0,0,0,0,0,0,0,10991,61948,215335,323898,437725,66030);
INSERT INTO "segments" VALUES(6,'s2c',6,7,NULL,838,838,0,0,0,0,0,0,0,0,0,0,10656,66801,210860,247852,2361475,66030);
CREATE INDEX legs_1 ON legs (client);
CREATE INDEX legs_2 ON legs (server);
CREATE INDEX events_1 ON events (connection);
CREATE INDEX events_2 ON events (near, far, kind);
CREATE INDEX rewrites_1 ON rewrites (connection);
CREATE INDEX rewrites_2 ON rewrites (field);
CREATE INDEX finding_connections_1 ON finding_connections (connection);
CREATE VIEW loss_by_segment AS
SELECT a.name AS near, b.name AS far, inside, direction, offered, delivered, lost,
  round(100.0 * lost / (delivered + s.not_captured + lost), 3) AS lost_percent, lost_bytes,
  s.not_captured, outside_coverage, undecided
FROM segments AS s
JOIN points AS a ON a.position = s.near
JOIN points AS b ON b.position = s.far
ORDER BY s.segment, s.direction;
CREATE VIEW worst_connections AS
SELECT c.connection, protocol, client, server, lost, events, bytes_c2s, bytes_s2c,
  round((end_ns - start_ns) / 1e9, 6) AS seconds
FROM connections AS c
LEFT JOIN legs AS l ON l.connection = c.connection AND l.leg = 0
WHERE events > 0 OR lost > 0
ORDER BY lost DESC, events DESC, c.connection;
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
ORDER BY connection, leg;
CREATE VIEW proof_frames AS
SELECT e.finding, severity, kind, title, p.name AS point, path, frame, says
FROM finding_evidence AS e
JOIN findings AS f ON f.finding = e.finding
JOIN points AS p ON p.position = e.point
JOIN point_files AS pf ON pf.point = e.point AND pf.file = e.file
ORDER BY e.finding, e.number;
CREATE VIEW event_list AS
SELECT event, strftime('%Y-%m-%d %H:%M:%f', time_ns / 1e9, 'unixepoch') AS utc, kind, a.name AS near,
  b.name AS far, direction, connection, uf.path AS upstream_path, upstream_frame, df.path AS downstream_path,
  downstream_frame, seq, length, field, value_before, value_after, confidence
FROM events AS e
JOIN points AS a ON a.position = e.near
JOIN points AS b ON b.position = e.far
LEFT JOIN point_files AS uf ON uf.point = upstream_point AND uf.file = upstream_file
LEFT JOIN point_files AS df ON df.point = downstream_point AND df.file = downstream_file
ORDER BY event;
CREATE VIEW changed_fields AS
SELECT a.name AS near, b.name AS far, direction, field, rule, count(DISTINCT connection) AS connections,
  sum(r.packets) AS packets, max(harmful) AS harmful
FROM rewrites AS r
JOIN points AS a ON a.position = r.near
JOIN points AS b ON b.position = r.far
GROUP BY r.near, r.far, direction, field, rule
ORDER BY max(harmful) DESC, r.near, r.far, direction, field, rule;
CREATE VIEW delay_by_segment AS
SELECT a.name AS near, b.name AS far, direction, round(delay_p50_ns / 1e6, 3) AS p50_ms,
  round(delay_p95_ns / 1e6, 3) AS p95_ms, round(delay_max_ns / 1e6, 3) AS max_ms,
  round(delay_error_ns / 1e6, 3) AS error_ms
FROM segments AS s
JOIN points AS a ON a.position = s.near
JOIN points AS b ON b.position = s.far
WHERE delay_p50_ns IS NOT NULL
ORDER BY s.segment, s.direction;
CREATE VIEW clocks AS
SELECT name AS point, round(clock_offset_ns / 1e6, 3) AS ahead_ms, round(clock_error_ns / 1e6, 3) AS error_ms,
  round(clock_drift_ppm, 2) AS drift_ppm, (SELECT count(*) FROM clock_steps AS s WHERE s.point = p.position) AS jumps,
  p.position = reference_clock AS is_reference
FROM points AS p, analysis
ORDER BY p.position;
CREATE VIEW captures AS
SELECT name AS point, file, path, absolute_path, size, digest
FROM point_files AS f
JOIN points AS p ON p.position = f.point
ORDER BY f.point, file;
COMMIT;

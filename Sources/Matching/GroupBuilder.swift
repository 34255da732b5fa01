import Flows
import Packets

/// Joins local connections into groups with at most one of each point (Kruskal's way: the surest pairs first).
struct GroupBuilder {
  private let points: [PointTraffic]
  private let starts: [Int]
  private var nodes: [Node]
  private var rivals: [(Int, Int)] = []
  /// For each point, whether the group at hand has it; all are false between uses.
  private var isTaken: [Bool]

  /// A local connection; all that is asked of one lies together.
  private struct Node {
    /// The next one on the way to the root of its group; the root's is itself.
    var parent: Int32
    /// The next member of the same group; that of the last one is the first.
    var next: Int32
    /// Number of members, of a root.
    var size: UInt16 = 1
    /// Whether its parent has the other notion of client and server.
    var isTurned = false
    /// What the match rests on, of a root.
    var evidence: MatchEvidence = []
    /// Of a root, 0 to 1.
    var confidence = 1.0
    /// The highest score of an edge that joined it to another.
    var best = 0.0
  }

  init(points: [PointTraffic]) {
    self.points = points
    var starts = [0]
    for point in points { starts.append(starts[starts.count - 1] + point.connections.count) }
    self.starts = starts
    let total = starts[points.count]
    nodes = (0..<Int32(total)).map { Node(parent: $0, next: $0) }
    isTaken = Array(repeating: false, count: points.count)
  }

  private func node(_ local: LocalConnection) -> Int { starts[Int(local.point)] + Int(local.connection) }

  private func point(of node: Int) -> Int {
    var point = 0
    while starts[point + 1] <= node { point += 1 }
    return point
  }

  /// The root of a node's group, and whether the node is turned against it.
  private func root(_ node: Int) -> (root: Int, flipped: Bool) {
    var node = node
    var flipped = false
    while nodes[node].parent != node {
      flipped = flipped != nodes[node].isTurned
      node = Int(nodes[node].parent)
    }
    return (node, flipped)
  }

  /// Calls `body` with each member of the group of a node.
  private func forEachMember(ofGroupOf node: Int, _ body: (Int) -> Void) {
    var member = node
    repeat {
      body(member)
      member = Int(nodes[member].next)
    } while member != node
  }

  /// Whether a local connection already has its twin at every point.
  func isComplete(_ local: LocalConnection) -> Bool { Int(nodes[root(node(local)).root].size) == points.count }

  /// Whether two groups have connections of one point.
  private mutating func overlap(_ one: Int, _ other: Int) -> Bool {
    if nodes[one].size == 1, nodes[other].size == 1 { return point(of: one) == point(of: other) }
    var member = one
    repeat {
      isTaken[point(of: member)] = true
      member = Int(nodes[member].next)
    } while member != one
    var overlap = false
    forEachMember(ofGroupOf: other) { if isTaken[point(of: $0)] { overlap = true } }
    repeat {
      isTaken[point(of: member)] = false
      member = Int(nodes[member].next)
    } while member != one
    return overlap
  }

  /// Joins the two groups of an edge, unless they have different connections of one point.
  mutating func merge(_ edge: CandidateEdge, confidence sure: Double) {
    let (left, right) = (node(edge.left), node(edge.right))
    let (leftRoot, leftFlip) = root(left)
    let (rightRoot, rightFlip) = root(right)
    if leftRoot == rightRoot {
      nodes[leftRoot].evidence.formUnion(edge.evidence)
      return
    }
    if overlap(leftRoot, rightRoot) {
      // As good as what was chosen before: the two cannot be told apart. Two datagram flows that are one at another
      // point, as two clients had the same port of a NAT box in turn, cannot either, however well each of them fits.
      let isDatagram =
        points[Int(edge.left.point)].connections[Int(edge.left.connection)].transport != TransportProtocol.tcp
      // Where equal addresses decided between two points, a flow with other addresses is no rival.
      if isDecidedByAddresses(edge.left, at: edge.right) || isDecidedByAddresses(edge.right, at: edge.left) {
        return
      }
      if isDatagram || edge.score > 0.9 * max(nodes[left].best, nodes[right].best) { rivals.append((left, right)) }
      return
    }
    nodes[left].best = max(nodes[left].best, edge.score)
    nodes[right].best = max(nodes[right].best, edge.score)
    let (keep, join) = nodes[leftRoot].size >= nodes[rightRoot].size ? (leftRoot, rightRoot) : (rightRoot, leftRoot)
    nodes[join].parent = Int32(keep)
    nodes[join].isTurned = (leftFlip != rightFlip) != (edge.sameWay < 0)
    nodes[keep].size += nodes[join].size
    (nodes[keep].next, nodes[join].next) = (nodes[join].next, nodes[keep].next)
    nodes[keep].evidence.formUnion(nodes[join].evidence.union(edge.evidence))
    nodes[keep].confidence = min(nodes[keep].confidence, nodes[join].confidence, sure)
  }

  /// Whether a connection already has one with its own addresses at the point of another that has not.
  private func isDecidedByAddresses(_ own: LocalConnection, at other: LocalConnection) -> Bool {
    let addresses = ends(own)
    guard addresses != ends(other) else { return false }
    var isDecided = false
    forEachMember(ofGroupOf: node(own)) { member in
      let point = point(of: member)
      guard point == Int(other.point) else { return }
      let twin = LocalConnection(point: other.point, connection: Int32(member - starts[point]))
      if ends(twin) == addresses { isDecided = true }
    }
    return isDecided
  }

  /// Both endpoints of a local connection.
  private func ends(_ local: LocalConnection) -> Set<Endpoint> {
    let connection = points[Int(local.point)].connections[Int(local.connection)]
    return [connection.client, connection.server]
  }

  /// The groups, in order of their first member.
  func finish() -> [ConnectionGroup] {
    var groups: [ConnectionGroup] = []
    var groupOfRoot = [Int32](repeating: -1, count: nodes.count)
    for node in nodes.indices {
      let (root, _) = root(node)
      if groupOfRoot[root] >= 0 { continue }
      groupOfRoot[root] = Int32(groups.count)
      groups.append(group(ofRoot: root))
    }
    for (left, right) in rivals {
      let one = Int(groupOfRoot[root(left).root])
      let other = Int(groupOfRoot[root(right).root])
      guard one != other else { continue }
      if !groups[one].ambiguousWith.contains(other) { groups[one].ambiguousWith.append(other) }
      if !groups[other].ambiguousWith.contains(one) { groups[other].ambiguousWith.append(one) }
    }
    for index in groups.indices where !groups[index].ambiguousWith.isEmpty {
      groups[index].ambiguousWith.sort()
      groups[index].confidence = min(groups[index].confidence, 1 / Double(1 + groups[index].ambiguousWith.count))
    }
    return groups
  }

  private func group(ofRoot root: Int) -> ConnectionGroup {
    var group = ConnectionGroup(points: points.count)
    forEachMember(ofGroupOf: root) { member in
      let point = point(of: member)
      group.members[point] = Int32(member - starts[point])
      group.flipped[point] = self.root(member).flipped
    }
    // What the surest point takes for the client is the client.
    var surest: (orientation: PointConnection.Orientation, flipped: Bool)?
    for point in group.presentPoints {
      let orientation = points[point].connections[Int(group.members[point])].orientation
      if surest.map({ orientation < $0.orientation }) ?? true { surest = (orientation, group.flipped[point]) }
    }
    if surest?.flipped ?? false {
      for point in group.presentPoints { group.flipped[point].toggle() }
    }
    group.evidence = nodes[root].evidence
    group.confidence = nodes[root].confidence
    return group
  }
}

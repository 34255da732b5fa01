import Flows
import Packets

/// Joins local connections into groups with at most one of each point (Kruskal's way: the surest pairs first).
struct GroupBuilder {
  private let points: [PointTraffic]
  private let starts: [Int]
  private var parent: [Int32]
  private var parity: [Bool]
  private var members: [[Int32]]
  private var evidence: [MatchEvidence]
  private var confidence: [Double]
  private var rivals: [(Int, Int)] = []
  private var best: [Double]

  init(points: [PointTraffic]) {
    self.points = points
    var starts = [0]
    for point in points { starts.append(starts[starts.count - 1] + point.connections.count) }
    self.starts = starts
    let total = starts[points.count]
    parent = (0..<Int32(total)).map { $0 }
    parity = Array(repeating: false, count: total)
    members = Array(repeating: [], count: total)
    evidence = Array(repeating: [], count: total)
    confidence = Array(repeating: 1, count: total)
    best = Array(repeating: 0, count: total)
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
    while parent[node] != node {
      flipped = flipped != parity[node]
      node = Int(parent[node])
    }
    return (node, flipped)
  }

  private func members(ofRoot root: Int) -> [Int32] { members[root].isEmpty ? [Int32(root)] : members[root] }

  /// Whether a local connection already has its twin at every point.
  func isComplete(_ point: Int, _ connection: Int) -> Bool {
    members(ofRoot: root(starts[point] + connection).root).count == points.count
  }

  /// Joins the two groups of an edge, unless they have different connections of one point.
  mutating func merge(_ edge: CandidateEdge, confidence sure: Double) {
    let (left, right) = (node(edge.left), node(edge.right))
    let (leftRoot, leftFlip) = root(left)
    let (rightRoot, rightFlip) = root(right)
    if leftRoot == rightRoot {
      evidence[leftRoot].formUnion(edge.evidence)
      return
    }
    let leftMembers = members(ofRoot: leftRoot)
    let rightMembers = members(ofRoot: rightRoot)
    let leftPoints = Set(leftMembers.map { point(of: Int($0)) })
    guard rightMembers.allSatisfy({ !leftPoints.contains(point(of: Int($0))) }) else {
      // As good as what was chosen before: the two cannot be told apart. Two datagram flows that are one at another
      // point, as two clients had the same port of a NAT box in turn, cannot either, however well each of them fits.
      let isDatagram =
        points[Int(edge.left.point)].connections[Int(edge.left.connection)].transport != TransportProtocol.tcp
      // Where equal addresses decided between two points, a flow with other addresses is no rival.
      if isDecidedByAddresses(edge.left, leftMembers, at: edge.right)
        || isDecidedByAddresses(edge.right, rightMembers, at: edge.left)
      {
        return
      }
      if isDatagram || edge.score > 0.9 * max(best[left], best[right]) { rivals.append((left, right)) }
      return
    }
    best[left] = max(best[left], edge.score)
    best[right] = max(best[right], edge.score)
    let (keep, join) = leftMembers.count >= rightMembers.count ? (leftRoot, rightRoot) : (rightRoot, leftRoot)
    parent[join] = Int32(keep)
    parity[join] = (leftFlip != rightFlip) != (edge.sameWay < 0)
    members[keep] = leftMembers + rightMembers
    members[join] = []
    evidence[keep] = evidence[leftRoot].union(evidence[rightRoot]).union(edge.evidence)
    confidence[keep] = min(confidence[leftRoot], confidence[rightRoot], sure)
  }

  /// Whether a connection already has one with its own addresses at the point of another that has not.
  private func isDecidedByAddresses(_ own: LocalConnection, _ members: [Int32], at other: LocalConnection) -> Bool {
    let addresses = ends(own)
    guard addresses != ends(other) else { return false }
    return members.contains { member in
      let point = point(of: Int(member))
      guard point == Int(other.point) else { return false }
      return ends(LocalConnection(point: other.point, connection: member - Int32(starts[point]))) == addresses
    }
  }

  /// Both endpoints of a local connection.
  private func ends(_ local: LocalConnection) -> Set<Endpoint> {
    let connection = points[Int(local.point)].connections[Int(local.connection)]
    return [connection.client, connection.server]
  }

  /// The groups, in order of their first member.
  func finish() -> [ConnectionGroup] {
    var groups: [ConnectionGroup] = []
    var groupOfRoot = [Int32](repeating: -1, count: parent.count)
    for node in parent.indices {
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
    var surest = PointConnection.Orientation.ports
    var surestFlip = false
    var first = true
    for member in members(ofRoot: root).sorted() {
      let point = point(of: Int(member))
      let connection = Int(member) - starts[point]
      let (_, flipped) = self.root(Int(member))
      group.members[point] = Int32(connection)
      group.flipped[point] = flipped
      let orientation = points[point].connections[connection].orientation
      if first || orientation < surest {
        (surest, surestFlip, first) = (orientation, flipped, false)
      }
    }
    for point in group.presentPoints { group.flipped[point] = group.flipped[point] != surestFlip }
    group.evidence = evidence[root]
    group.confidence = confidence[root]
    return group
  }
}

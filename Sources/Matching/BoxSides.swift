/// What people call the two sides of one box in the names of points: `fw1-in` and `fw1-out`.
public enum BoxSides {
  /// The side nearer to the client, and the one nearer to the server.
  public static let names: [(near: String, far: String)] = [
    ("in", "out"), ("inside", "outside"), ("lan", "wan"), ("internal", "external"), ("private", "public"),
    ("ingress", "egress"), ("front", "back"),
  ]
}

/// `hopscope analyze`, as meant: checked, with nothing left to look up but the captures themselves.
struct AnalyzeOptions: Equatable, Sendable {
  /// The inputs, with their points in the order typed.
  var inputs: ResolvedInputs
  /// Names of all points in path order, client first; `nil` if the traffic must show it.
  var order: [String]?
  /// The box that a point is a side of, by point name.
  var boxes: [String: String]
  var format: OutputFormat
  var outputFolder: String?
  /// Keep the analysis in this SQLite file.
  var database: String?
  var filter: String?
  /// Conditions of which one that holds makes the exit status 1.
  var failOn: [FailCondition]
  /// Bytes of memory to keep to.
  var memory: Int
  /// Points that are read side by side.
  var threads: Int
  var color: Bool
  /// Columns of the text report.
  var width: Int
  var time: TimeChoice
  /// Mask the addresses by this key.
  var maskingKey: String?
  /// Judge Wireshark's flags at each point.
  var judgesWireshark: Bool
  var showsProgress: Bool
  var verbose: Bool

  /// Bytes of packet records that stay in memory, over all points; the others go to a temporary file.
  ///
  /// The rest is for what is found out about the packets: half of the memory, and what events, report and the connection at
  /// hand take however little there is.
  var recordMemory: Int { max(memory / 2 - Self.leastForFindings, memory / 8) }
  private static let leastForFindings = 192 << 20

  /// Columns where nobody says how many there are.
  static let defaultWidth = 100

  /// Looks at the paths that were typed, reads the topology, and checks that everything fits together.
  init(_ command: AnalyzeCommand, terminal: Terminal) throws(Failure) {
    if let threads = command.threads, threads < 1 { throw .usage(.tooSmall(option: "--threads", minimum: 1)) }
    if let width = command.width, width < 40 { throw .usage(.tooSmall(option: "--width", minimum: 40)) }

    let topology: TopologyFile? = if let path = command.topology { try TopologyFile(path: path) } else { nil }
    inputs = try InputResolver.resolve(command.inputs, topology: topology)
    let names = inputs.points.map(\.name)

    if let typed = command.order {
      order = try Self.order(typed: typed, of: names)
    } else if let topology, let path = command.topology {
      order = try Self.order(topology, path: path, of: names)
    } else {
      order = nil
    }
    boxes = [:]
    for point in inputs.points { boxes[point.name] = point.box }
    if let topology, let path = command.topology {
      for point in topology.points { boxes[point.name] = point.box ?? boxes[point.name] }
      let absent = topology.points.map(\.name).filter { !names.contains($0) }
      if !absent.isEmpty { inputs.remarks.append(.withoutCapture(names: absent, topology: path)) }
    }

    format = command.format
    outputFolder = command.outputFolder
    database = command.database
    filter = command.filter
    failOn = []
    for typed in command.failOn {
      guard let condition = FailCondition(typed) else { throw .usage(.badCondition(typed)) }
      failOn.append(condition)
    }
    memory = command.memory?.bytes ?? terminal.memory / 2
    threads = command.threads ?? max(1, terminal.cores)
    color =
      switch command.color {
      case .auto: terminal.outputIsTerminal && !terminal.refusesColor
      case .always: true
      case .never: false
      }
    width = command.width ?? max(40, terminal.columns ?? Self.defaultWidth)
    time = command.time
    maskingKey = command.anonymize.map(Self.key)
    judgesWireshark = command.wireshark
    showsProgress = terminal.errorIsTerminal
    verbose = command.verbose
  }

  /// Stands for a key that was not given; nobody types a control character.
  static let anyKey = "\u{1}"

  /// The key that was typed, or one that nobody knows.
  static func key(_ typed: String) -> String { typed == anyKey ? newKey() : typed }

  /// A key that nobody knows: 256 bits.
  private static func newKey() -> String {
    var random = SystemRandomNumberGenerator()
    return (0..<4).map { _ in String(random.next() as UInt64, radix: 16) }.joined(separator: "-")
  }

  /// `--order`: every point once.
  static func order(typed: String, of names: [String]) throws(Failure) -> [String] {
    let order = typed.split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
    var seen: Set<String> = []
    for name in order {
      guard names.contains(name) else { throw .usage(.orderUnknown(name: name, known: names)) }
      guard seen.insert(name).inserted else { throw .usage(.orderRepeats(name: name)) }
    }
    let missing = names.filter { !seen.contains($0) }
    guard missing.isEmpty else { throw .usage(.orderMisses(names: missing)) }
    return order
  }

  /// The topology may know more points than were captured, but not fewer.
  static func order(_ topology: TopologyFile, path: String, of names: [String]) throws(Failure) -> [String] {
    let known = topology.points.map(\.name)
    let missing = names.filter { !known.contains($0) }
    guard missing.isEmpty else { throw .usage(.topologyMisses(names: missing, path: path)) }
    return known.filter(names.contains)
  }
}

extension Substring {
  /// Without spaces at either end.
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

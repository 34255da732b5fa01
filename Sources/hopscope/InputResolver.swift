import Captures
import Foundation

/// Turns what was typed into points: lists folders and archives, expands patterns, takes the interfaces of a capture
/// apart, finds names, and refuses what is ambiguous.
struct InputResolver {
  private let topology: TopologyFile?
  private var result = ResolvedInputs()
  /// Where each point came from: whether its name was typed, and its first path.
  private var origins: [String: (typed: Bool, path: String)] = [:]
  /// Paths of the captures so far, by what they are on disk.
  private var pathsByIdentity: [CaptureIdentity: String] = [:]
  private var parts = InterfaceParts()

  /// A part of a file, under whatever path.
  private struct CaptureIdentity: Hashable {
    var device: UInt64
    var inode: UInt64
    var member: String?
    var interface: String?
  }

  static func resolve(_ arguments: [String], topology: TopologyFile?) throws(Failure) -> ResolvedInputs {
    var resolver = InputResolver(topology: topology)
    for argument in arguments {
      try resolver.add(InputArgument(argument))
    }
    resolver.parts.join(&resolver.result.points)
    return resolver.result
  }

  private init(topology: TopologyFile?) {
    self.topology = topology
  }

  private mutating func add(_ input: InputArgument) throws(Failure) {
    if try addWhatIsThere(input) { return }
    if let (path, interface) = input.pathAndInterface {
      var selecting = input
      selecting.path = path
      selecting.interface = interface
      if try addWhatIsThere(selecting) { return }
    }
    guard input.isPattern else {
      // Whether it is there is for the reader to say; a name that is taken is refused all the same.
      return try add(InputFile(location: CaptureLocation(path: input.path)), named: input.name, status: nil)
    }
    let paths = FilePattern.matches(of: input.path)
    if paths.isEmpty { result.unreadable.append(.patternWithoutMatch(pattern: input.path)) }
    for path in paths {
      var match = input
      match.path = path
      _ = try addWhatIsThere(match)
    }
  }

  /// Adds what stands at the path; `false` if nothing does.
  private mutating func addWhatIsThere(_ input: InputArgument) throws(Failure) -> Bool {
    var status = stat()
    let isStandardInput = input.path == CaptureLocation.standardInput
    guard unsafe isStandardInput ? fstat(STDIN_FILENO, &status) == 0 : stat(input.path, &status) == 0 else {
      return false
    }
    let kind = status.st_mode & S_IFMT
    switch kind {
    case S_IFREG where !isStandardInput: try addRegularFile(input, status)
    case S_IFDIR: try addFolder(input)
    case S_IFIFO, S_IFREG:
      let location = CaptureLocation(path: input.path)
      let file = InputFile(location: location, interface: input.interface, canBeReadTwice: false)
      try add(file, named: input.name, status: isStandardInput ? nil : status)
    default: result.unreadable.append(.notAFile(path: input.path))
    }
    return true
  }

  private mutating func addFolder(_ input: InputArgument) throws(Failure) {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: input.path).sorted()
    } catch {
      result.unreadable.append(.folderUnreadable(path: input.path, errno: error.systemNumber))
      return
    }
    let prefix = input.path.hasSuffix("/") ? input.path : input.path + "/"
    var leftOut: [String] = []
    for name in names {
      let path = prefix + name
      var status = stat()
      // What cannot be opened counts as a capture: the reader will say why it cannot.
      guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        (try? CaptureFile(path: path).kind)?.isCapture ?? true
      else {
        leftOut.append(name)
        continue
      }
      try addCapture(CaptureLocation(path: path), input, status)
    }
    say(leftOut, of: names.count, leftOutOf: input.path)
  }

  private mutating func addRegularFile(_ input: InputArgument, _ status: stat) throws(Failure) {
    guard let file = try? CaptureFile(path: input.path), file.kind.isArchive else {
      return try addCapture(CaptureLocation(path: input.path), input, status)
    }
    var leftOut: [String] = []
    for member in file.members {
      if member.kind.isCapture {
        try addCapture(CaptureLocation(path: input.path, member: member.name), input, status)
      } else {
        leftOut.append(member.name)
      }
    }
    say(leftOut, of: file.members.count, leftOutOf: input.path)
  }

  private mutating func say(_ leftOut: [String], of count: Int, leftOutOf path: String) {
    if leftOut.count == count {
      result.unreadable.append(.folderWithoutCapture(path: path, entries: count))
    } else if !leftOut.isEmpty {
      result.remarks.append(.leftOut(folder: path, names: leftOut))
    }
  }

  /// Adds a capture, or each of its interfaces as a point of its own.
  private mutating func addCapture(
    _ location: CaptureLocation, _ input: InputArgument, _ status: stat
  ) throws(Failure) {
    let survey = InterfaceSurvey(input.interface == nil ? location : nil)
    guard survey.isToSplit else {
      parts.note(location, survey)
      let file = InputFile(location: location, interface: input.interface)
      return try add(file, named: input.name, status: status)
    }
    let whole = InputFile(location: location)
    let box = survey.isOfOneHost ? input.name ?? defaultName(whole, suffix: "") : nil
    var names: [String] = []
    for interface in survey.places {
      let file = InputFile(location: location, interface: interface.key)
      let given = input.name.map { "\($0)-\(interface.nameInPoint)" }
      let name = given ?? defaultName(file, suffix: "-\(interface.nameInPoint)")
      try add(file, called: name, isTyped: input.name != nil, box: box, status: status)
      names.append(name)
    }
    if let name = input.name { parts.note(name, names) }
    result.remarks.append(
      .severalInterfaces(
        path: whole.path, interfaces: survey.places, points: names, loopback: survey.loopback))
  }

  private mutating func add(_ file: InputFile, named typed: String?, status: stat?) throws(Failure) {
    let suffix = file.interface.map { "-\(InterfaceSurvey.nameInPoint($0))" } ?? ""
    try add(file, called: typed ?? defaultName(file, suffix: suffix), isTyped: typed != nil, status: status)
  }

  /// The name by the topology, which may name an interface as `FILE#INTERFACE`, or by the file.
  private func defaultName(_ file: InputFile, suffix: String) -> String {
    let path = file.path
    if let interface = file.interface, let name = topology?.name(forFile: "\(path)#\(interface)") { return name }
    if path == CaptureLocation.standardInput { return "stdin" + suffix }
    return (topology?.name(forFile: path) ?? InputArgument.pointName(forFile: path)) + suffix
  }

  private mutating func add(
    _ file: InputFile, called name: String, isTyped: Bool, box: String? = nil, status: stat?
  ) throws(Failure) {
    let path = file.path
    if let status {
      let identity = CaptureIdentity(
        device: UInt64(status.st_dev), inode: UInt64(status.st_ino), member: file.location.member,
        interface: file.interface)
      if let other = pathsByIdentity[identity] { throw .usage(.sameFileTwice(path: path, other: other)) }
      pathsByIdentity[identity] = path
    }
    guard let origin = origins[name] else {
      origins[name] = (isTyped, path)
      result.points.append(InputPoint(name: name, files: [file], box: box))
      return
    }
    // Only a name that was typed each time says that the files belong together.
    guard origin.typed, isTyped, let index = result.points.firstIndex(where: { $0.name == name }) else {
      throw .usage(
        path == origin.path
          ? .sameFileTwice(path: path, other: origin.path)
          : .equalNames(name: name, path: path, other: origin.path))
    }
    result.points[index].files.append(file)
  }
}

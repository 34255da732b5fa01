import Captures
import Foundation

/// A point as meant: its name and the files that feed it.
struct InputPoint: Equatable {
  var name: String
  var files: [String]
}

/// The inputs as meant: points in the order typed, what was left out, and what cannot be read.
struct ResolvedInputs: Equatable {
  var points: [InputPoint] = []
  var remarks: [Remark] = []
  var unreadable: [InputError] = []
}

/// Turns what was typed into points: lists folders, finds names, and refuses what is ambiguous.
struct InputResolver {
  private let topology: TopologyFile?
  private var result = ResolvedInputs()
  /// Where each point came from: whether its name was typed, and its first path.
  private var origins: [String: (typed: Bool, path: String)] = [:]
  /// Paths of the files so far, by device and inode.
  private var pathsByIdentity: [FileIdentity: String] = [:]

  private struct FileIdentity: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  static func resolve(_ arguments: [String], topology: TopologyFile?) throws(Failure) -> ResolvedInputs {
    var resolver = InputResolver(topology: topology)
    for argument in arguments {
      try resolver.add(InputArgument(argument))
    }
    return resolver.result
  }

  private init(topology: TopologyFile?) {
    self.topology = topology
  }

  private mutating func add(_ input: InputArgument) throws(Failure) {
    var status = stat()
    guard stat(input.path, &status) == 0 else {
      // Whether it is there is for the reader to say; a name that is taken is refused all the same.
      return try addFile(input.path, named: input.name, identity: nil)
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: try addFolder(input)
    case S_IFREG: try addFile(input.path, named: input.name, identity: Self.identity(status))
    default: result.unreadable.append(.notAFile(path: input.path))
    }
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
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        leftOut.append(name)
        continue
      }
      // What cannot be opened counts as a capture: the reader will say why it cannot.
      let kind = (try? CaptureFile(path: path).kind) ?? .pcap
      if kind.isCapture {
        try addFile(path, named: input.name, identity: Self.identity(status))
      } else {
        leftOut.append(name)
      }
    }
    if leftOut.count == names.count {
      result.unreadable.append(
        .folderWithoutCapture(path: input.path, entries: names.count))
    } else if !leftOut.isEmpty {
      result.remarks.append(.leftOut(folder: input.path, names: leftOut))
    }
  }

  private mutating func addFile(_ path: String, named typed: String?, identity: FileIdentity?) throws(Failure) {
    let name = typed ?? topology?.name(forFile: path) ?? InputArgument.pointName(forFile: path)
    if let identity {
      if let other = pathsByIdentity[identity] { throw .usage(.sameFileTwice(path: path, other: other)) }
      pathsByIdentity[identity] = path
    }
    guard let origin = origins[name] else {
      origins[name] = (typed != nil, path)
      result.points.append(InputPoint(name: name, files: [path]))
      return
    }
    // Only a name that was typed each time says that the files belong together.
    guard origin.typed, typed != nil, let index = result.points.firstIndex(where: { $0.name == name }) else {
      throw .usage(
        path == origin.path
          ? .sameFileTwice(path: path, other: origin.path)
          : .equalNames(name: name, path: path, other: origin.path))
    }
    result.points[index].files.append(path)
  }

  private static func identity(_ status: stat) -> FileIdentity {
    FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
  }
}

import Glibc

/// A file that is open, and unpacked so far that its kind can be told; nothing of that is consumed.
struct OpenInput {
  let source: ByteSource
  /// What it is, when unpacked.
  let kind: FileKind
  /// Its first bytes, at most `FileKind.prefixLength`.
  let prefix: [UInt8]
  /// Bytes of the file as it lies there; `nil` for a pipe and the like, which cannot be read twice.
  let size: Int64?
  /// Whether `source` gives other bytes than the file has.
  let isUnpacked: Bool

  /// Bytes of it that are worth mapping at once; 0 where it is better read.
  var mappedLength: Int {
    guard !isUnpacked, let size, size >= InputWindow.leastMapped else { return 0 }
    return InputWindow.mappedLength
  }

  /// What is compressed again and again is no capture that anybody made.
  private static let mostLayers = 4

  /// Opens a capture, or an archive if it is named without a member.
  static func at(_ location: CaptureLocation) throws(CaptureError) -> OpenInput {
    let (descriptor, size) = try openFile(location.path)
    let origin: ByteSource.Origin =
      size == nil ? .stream(descriptor: descriptor) : .wholeFile(descriptor: descriptor)
    let outer = try OpenInput(ByteSource(origin), size: size, isUnpacked: false)
    guard let name = location.member else { return outer }
    guard outer.kind.isArchive else { throw .memberNotFound(name: name) }
    do throws(ByteSource.Failure) {
      let unpacker = try Unpacker(outer.source, .members)
      while let member = try unpacker.nextMember() {
        if member == name { return try OpenInput(unpacking: unpacker, size: size) }
      }
    } catch {
      throw CaptureError(error)
    }
    throw .memberNotFound(name: name)
  }

  /// What an archive holds: the names of its files, and what they are when unpacked.
  static func members(of archive: OpenInput) throws(CaptureError) -> [CaptureFile.Member] {
    do throws(ByteSource.Failure) {
      var members: [CaptureFile.Member] = []
      let unpacker = try Unpacker(archive.source, .members)
      while let name = try unpacker.nextMember() {
        // A member that cannot be unpacked is listed: the reader will say why it cannot.
        let kind = (try? OpenInput(unpacking: unpacker, size: nil))?.kind ?? .pcap
        members.append(CaptureFile.Member(name: name, kind: kind))
      }
      return members
    } catch {
      throw CaptureError(error)
    }
  }

  private init(unpacking unpacker: Unpacker, size: Int64?) throws(ByteSource.Failure) {
    try self.init(unpacked: ByteSource(.unpacker(unpacker)), size: size, isUnpacked: true)
  }

  private init(_ source: ByteSource, size: Int64?, isUnpacked: Bool) throws(CaptureError) {
    do throws(ByteSource.Failure) {
      try self.init(unpacked: source, size: size, isUnpacked: isUnpacked)
    } catch {
      throw CaptureError(error)
    }
  }

  private init(unpacked origin: ByteSource, size: Int64?, isUnpacked: Bool) throws(ByteSource.Failure) {
    var source = origin
    var layers = 0
    var prefix = try source.peek(FileKind.prefixLength)
    var kind = FileKind(prefix: prefix)
    while kind.isCompressed, layers < Self.mostLayers {
      source = ByteSource(.unpacker(try Unpacker(source, .compressed)))
      layers += 1
      prefix = try source.peek(FileKind.prefixLength)
      kind = FileKind(prefix: prefix)
    }
    self.source = source
    self.kind = kind
    self.prefix = prefix
    self.size = size
    self.isUnpacked = isUnpacked || layers > 0
  }

  private static func openFile(_ path: String) throws(CaptureError) -> (Int32, size: Int64?) {
    let isStandardInput = path == CaptureLocation.standardInput
    let descriptor = isStandardInput ? dup(STDIN_FILENO) : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CaptureError(openingFailedWith: errno) }
    var status = stat()
    do throws(CaptureError) {
      guard unsafe fstat(descriptor, &status) == 0 else { throw .unreadable(errno: errno) }
      if status.st_mode & S_IFMT == S_IFDIR { throw .isFolder }
    } catch {
      close(descriptor)
      throw error
    }
    let canBeReadTwice = !isStandardInput && status.st_mode & S_IFMT == S_IFREG
    return (descriptor, canBeReadTwice ? Int64(status.st_size) : nil)
  }
}

extension CaptureError {
  init(openingFailedWith number: Int32) {
    switch number {
    case ENOENT, ENOTDIR: self = .notFound
    case EACCES, EPERM: self = .noPermission
    default: self = .unreadable(errno: number)
    }
  }

  init(_ failure: ByteSource.Failure) {
    switch failure {
    case .system(let number): self = .unreadable(errno: number)
    case .lost(let number): self = .unreadable(errno: number ?? EIO)
    case .unpacking(let message): self = .unpacking(message: message)
    }
  }
}

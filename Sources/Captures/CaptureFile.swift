/// What a file turns out to be when it is opened and, if need be, unpacked.
public struct CaptureFile: Sendable, Hashable {
  /// A file within an archive.
  public struct Member: Sendable, Hashable {
    /// Its name, with the folders above it.
    public var name: String
    /// What it is, when unpacked.
    public var kind: FileKind
  }

  /// What it is, when unpacked.
  public var kind: FileKind
  /// What it holds, if it is an archive, in the order of the archive.
  public var members: [Member]

  /// Looks at the regular file at this path; of an archive, at all of it.
  ///
  /// - Throws: `CaptureError` if it cannot be opened, read or unpacked.
  public init(path: String) throws(CaptureError) {
    let input = try OpenInput.at(CaptureLocation(path: path))
    kind = input.kind
    members = input.kind.isArchive ? try OpenInput.members(of: input) : []
  }
}

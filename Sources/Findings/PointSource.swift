/// Where the packets of one point came from, as only the reader of the files knows.
public struct PointSource: Sendable {
  /// The point's name.
  public var name: String
  /// Its files in the order in which they were read.
  public var files: [File]
  /// Names of the link types, without repetition.
  public var linkTypes: [String]
  /// Packets that the kernel says it dropped; `nil` where no file says.
  public var kernelDrops: Int?
  /// Name of the box that the point belongs to, if the user said so.
  public var box: String?

  /// One file of a point.
  public struct File: Sendable {
    /// Its path as given.
    public var path: String
    /// Frames read from it.
    public var frames: Int

    /// A file of that many frames.
    public init(path: String, frames: Int) {
      self.path = path
      self.frames = frames
    }
  }

  /// A source with these facts.
  public init(name: String, files: [File], linkTypes: [String], kernelDrops: Int? = nil, box: String? = nil) {
    self.name = name
    self.files = files
    self.linkTypes = linkTypes
    self.kernelDrops = kernelDrops
    self.box = box
  }
}

public import Captures
public import Files

/// Why frames could not be exported.
public enum ExportError: Error, Sendable, Hashable {
  /// Of no capture file of the analysis is it known where it is.
  case nothingLeft
  /// The output cannot be written.
  case file(FileError)
  /// A capture cannot be opened.
  case capture(path: String, CaptureError)
}

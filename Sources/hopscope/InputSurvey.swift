import Captures

/// What one look at every capture tells before any is read through: which can be read, how large, which comes first.
struct InputSurvey {
  /// Points with at least one readable file, each with its files by the time of their first packet.
  var points: [InputPoint] = []
  /// Bytes of all readable files.
  var totalBytes: Int64 = 0
  /// Inputs that cannot be read.
  var unreadable: [InputError]

  /// Opens every file once.
  ///
  /// A filter that does not hold for one of them is wrong usage.
  init(_ options: AnalyzeOptions) throws(Failure) {
    unreadable = options.inputs.unreadable
    for point in options.inputs.points {
      var files: [(path: String, firstTimeNS: Int64)] = []
      for path in point.files {
        do throws(CaptureError) {
          let reader = try CaptureReader(path: path, filter: options.filter)
          // An empty file may stand anywhere; at the end it does not hide which file is first.
          files.append((path, reader.firstTimeNS ?? .max))
          totalBytes += reader.fileSize ?? 0
        } catch .badFilter(let message) {
          throw .usage(.badFilter(expression: options.filter ?? "", message: message, path: path))
        } catch {
          unreadable.append(.capture(path: path, error))
        }
      }
      guard !files.isEmpty else { continue }
      // By name where times are equal, so that the order typed does not matter.
      files.sort { ($0.firstTimeNS, $0.path) < ($1.firstTimeNS, $1.path) }
      points.append(InputPoint(name: point.name, files: files.map(\.path)))
    }
  }
}

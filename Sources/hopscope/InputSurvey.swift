import Captures

/// What one look at every capture tells before any is read through: which can be read, how large, which comes first.
struct InputSurvey {
  /// Points with at least one readable file, each with its files by the time of their first packet.
  var points: [InputPoint] = []
  /// Bytes of all readable files.
  var totalBytes: Int64 = 0
  /// Inputs that cannot be read.
  var unreadable: [InputError]

  /// Opens every file once, but for those that can be read only once.
  ///
  /// A filter that does not hold for one of them is wrong usage.
  init(_ options: AnalyzeOptions) throws(Failure) {
    unreadable = options.inputs.unreadable
    for point in options.inputs.points {
      var files: [InputFile] = []
      for var file in point.files {
        guard file.canBeReadTwice else {
          files.append(file)
          continue
        }
        do throws(CaptureError) {
          let reader = try CaptureReader(file.location, interface: file.interface, filter: options.filter)
          file.firstTimeNS = reader.firstTimeNS
          let (sum, isTooLarge) = totalBytes.addingReportingOverflow(reader.fileSize ?? 0)
          totalBytes = isTooLarge ? .max : sum
          files.append(file)
        } catch .badFilter(let message) {
          throw .usage(.badFilter(expression: options.filter ?? "", message: message, path: file.path))
        } catch {
          unreadable.append(.capture(path: file.path, error))
        }
      }
      guard !files.isEmpty else { continue }
      // An empty file may stand anywhere; at the end it does not hide which file is first. By name where times are
      // equal, so that the order typed does not matter.
      files.sort { ($0.firstTimeNS ?? .max, $0.path) < ($1.firstTimeNS ?? .max, $1.path) }
      points.append(InputPoint(name: point.name, files: files))
    }
  }
}

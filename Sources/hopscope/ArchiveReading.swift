import Archive
import Files
import Masking
import Verdicts

/// An analysis that was kept, with where its captures are.
struct ArchiveReading {
  private let path: String
  let report: AnalysisReport
  /// By point and file; `nil` where the archive does not know it.
  let stamps: [[FileStamp?]]

  /// Reads the archive; with a key, addresses are masked by it.
  init(_ path: String, maskingKey key: String? = nil) throws(Failure) {
    self.path = path
    do throws(ArchiveError) {
      let whole = try AnalysisArchive.read(path)
      report = key.map { whole.masked(key: $0) } ?? whole
      stamps = try AnalysisArchive.stamps(path)
    } catch {
      throw .archive(error)
    }
  }

  /// Single packets of a connection, as far as the archive keeps them.
  func ladder(of connection: Int) throws(Failure) -> Ladder? {
    do throws(ArchiveError) {
      return try AnalysisArchive.ladder(of: connection, in: path)
    } catch {
      throw .archive(error)
    }
  }

  /// How long packets took on each segment, as far as the archive knows.
  func delays() throws(Failure) -> [DelayHistogram] {
    do throws(ArchiveError) {
      return try AnalysisArchive.delays(path)
    } catch {
      throw .archive(error)
    }
  }

  /// What has become of each file, in words, by point and file.
  var fileStates: [[String]] { stamps.map { $0.map { $0?.state().words ?? "not known" } } }
}

extension AnalysisReport {
  /// The position of the point of this name.
  func position(of name: String) throws(Failure) -> Int {
    guard let position = points.firstIndex(where: { $0.name == name }) else {
      throw .usage(.unknownPoint(name: name, known: points.map(\.name)))
    }
    return position
  }

  /// `A,B` as two points.
  func pair(_ text: String, option: String) throws(Failure) -> PointPair {
    let names = text.split(separator: ",").map(String.init)
    guard names.count == 2 else { throw .usage(.notTwoPoints(option: option, typed: text)) }
    let one = try position(of: names[0])
    let other = try position(of: names[1])
    guard one != other else { throw .usage(.notTwoPoints(option: option, typed: text)) }
    return PointPair(one, other)
  }
}

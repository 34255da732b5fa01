import Correlation
import Flows
import Matching
import Verdicts

/// The points of the report.
enum PointsSection {
  static func make(_ file: CaseFile) -> [PointReport] {
    file.matched.points.indices.map { position in
      let traffic = file.matched.points[position]
      let source = file.sources[position]
      return PointReport(
        name: source.name, files: source.files.map(\.path), packets: traffic.counts.frames,
        linkType: source.linkTypes.joined(separator: ", "),
        firstNS: traffic.coverage.map { file.clocks.reference($0.lowerBound, at: position) },
        lastNS: traffic.coverage.map { file.clocks.reference($0.upperBound, at: position) },
        clock: file.clocks.reports[position],
        capture: CaptureReport(
          notCaptured: file.tally.missed[position] ?? 0,
          duplicates: traffic.counts.copies + (file.tally.captureCopies[position] ?? 0),
          truncated: traffic.counts.cut, kernelDrops: source.kernelDrops, oneWay: file.oneWay[position],
          offload: traffic.counts.largeSegments > 0 || traffic.counts.fillsChecksums))
    }
  }
}

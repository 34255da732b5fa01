import Correlation
import Verdicts

/// `loss-selective`, `loss-burst`, `loss-random` and `bufferbloat`: what kind of loss it is, where there is enough of it.
enum LossPatternRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.lossSamples.flatMap { sample -> [Finding] in
      let queue = QueueBeforeLoss(sample, file)
      let bloat = queue.flatMap { $0.isFilled ? bufferbloat(sample, $0, file) : nil }
      // What is lost for its size or for being a SYN is lost neither at random nor in bursts.
      if PathMTURule.oversized(sample.pair, sample.direction, sample.lost, file) != nil
        || sample.lost.allSatisfy(OnlySynsLostRule.isSYN)
      {
        return []
      }
      if let choice = LossChoice(sample, file) { return [selective(sample, choice, file)] }
      return [bloat, LossRuns(sample).flatMap { runs(sample, $0, queue, file) }].compactMap { $0 }
    }
  }

  private static func finding(
    _ kind: String, _ severity: Severity, _ sample: LossSample, _ file: CaseFile, title: String, explanation: String,
    confidence: Double, confirm: String
  ) -> Finding {
    Finding(
      kind: kind, severity: severity, between: sample.pair, direction: sample.direction, title: title,
      explanation: explanation, confidence: confidence, connections: file.connections(of: sample.lost),
      packets: sample.lost.count,
      evidence: file.evidence(sample.lost) { "\(file.describe($0)): not at \(file.name($0.downstreamPosition))" },
      confirm: confirm)
  }

  private static func selective(_ sample: LossSample, _ choice: LossChoice, _ file: CaseFile) -> Finding {
    finding(
      "loss-selective", .warning, sample, file,
      title: "What is lost between \(file.names(sample.pair)) has \(choice.what) in common",
      explanation: "\(choice.how) By chance that happens \(Percent.chance(choice.chance)) (Fisher's exact test, "
        + "corrected for the features that were tried). \(choice.meaning)",
      confidence: 0.9, confirm: choice.confirm)
  }

  private static func runs(
    _ sample: LossSample, _ runs: LossRuns, _ queue: QueueBeforeLoss?, _ file: CaseFile
  ) -> Finding? {
    let opposite = file.tally.segments[sample.pair]?[sample.direction.opposite]
    let other = opposite.map { "In the other direction \($0.lost) of \($0.decided) are lost. " } ?? ""
    let numbers =
      "\(sample.lost.count) losses among \(sample.packets) packets stand in \(runs.runs) runs; independent losses "
      + "would stand in \(Tenths.text(runs.expectedRuns)). Mean run \(Tenths.text(runs.meanLength)) packets, longest "
      + "\(runs.longest). "
    if runs.isBursty {
      return finding(
        "loss-burst", .warning, sample, file,
        title: "Losses between \(file.names(sample.pair)) come in bursts of \(Tenths.text(runs.meanLength)) packets",
        explanation: numbers
          + "As a Gilbert–Elliott model: after a delivered packet the next is lost with \(Percent.text(runs.intoLoss)), "
          + "after a lost one the next is delivered with \(Percent.text(runs.outOfLoss)). " + other
          + (queue?.words ?? "A queue that overflows, a policer, or a link that fails for moments does this."),
        confidence: 0.9,
        confirm: "Compare queue drops, policer drops and link flaps of the box with the times of the frames.")
    }
    guard runs.isIndependent else { return nil }
    return finding(
      "loss-random", .note, sample, file,
      title: "Losses between \(file.names(sample.pair)) are independent of one another",
      explanation: numbers + other
        + "Bit errors on a line, random early drops or an impaired radio link do this; a queue that overflows does not.",
      confidence: 0.8, confirm: "Read the CRC and FEC error counters at both ends of the link.")
  }

  private static func bufferbloat(_ sample: LossSample, _ queue: QueueBeforeLoss, _ file: CaseFile) -> Finding {
    finding(
      "bufferbloat", .warning, sample, file,
      title: "A queue between \(file.names(sample.pair)) fills up before it drops",
      explanation: queue.words
        + " A large buffer in front of a bottleneck does this; every connection through it waits.",
      confidence: 0.85,
      confirm: "Watch the queue of the bottleneck (tc -s qdisc); use active queue management (fq_codel, cake) there.")
  }
}

/// A number with one decimal.
enum Tenths {
  static func text(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

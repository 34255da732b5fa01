import Correlation
import Verdicts

/// `order-unsure`: neighbours that changed places too closely for the captures to be sure of the order.
enum CloseOrderRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.tally.closeOrder.sorted { $0.key < $1.key }.map { pair, packets in
      Finding(
        kind: "order-unsure", severity: .note, between: pair,
        title: "\(CaseFile.count(packets, "packet")) changed places with a neighbour between \(file.names(pair))",
        explanation: "They lie within some microseconds of each other, or within a tenth of a millisecond and are few. "
          + "A host with several processors or queues lets such neighbours change places now and then, in what it "
          + "forwards or in what it captures, so nothing is said of the path.",
        confidence: 0.9, packets: packets, confirm: "Capture with hardware time stamps or a single queue.")
    }
  }
}

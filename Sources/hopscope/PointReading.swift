import Captures
import Findings
import Flows
import Packets

/// One point read through: its files one after the other, or side by side where their times overlap.
struct PointReading: Sendable {
  let source: PointSource
  let traffic: PointTraffic
  /// Records that the filter rejected.
  let rejected: Int
  let remarks: [Remark]

  /// Reads every file of a point, given in the order of their times.
  ///
  /// - Parameters:
  ///   - memoryBudget: bytes of records that may stay in memory.
  ///   - mostOpen: files that may be open at a time; of more that overlap, the later ones wait.
  init(
    _ point: InputPoint, box: String?, filter: String?, memoryBudget: Int, mostOpen: Int, progress: Progress
  ) {
    var account = PointAccount(source: PointSource(name: point.name, files: [], linkTypes: [], box: box))
    var builder = PointBuilder(memoryBudget: memoryBudget)
    var overlap = OverlapFilter()
    var reading: [OpenFile] = []
    var waiting = point.files[...]
    while true {
      while let file = waiting.first, Self.isTurn(of: file, beside: reading, mostOpen: mostOpen) {
        waiting.removeFirst()
        do throws(CaptureError) {
          let framesBefore = account.framesBeforeNext(stillReading: reading.last)
          reading.append(
            try OpenFile(file, index: account.source.files.count, framesBefore: framesBefore, filter: filter))
          account.source.files.append(PointSource.File(path: file.path, frames: 0))
        } catch {
          // It could be opened a moment ago, unless it is a pipe.
          account.remarks.append(.unreadable(.capture(path: file.path, error)))
        }
      }
      guard let current = reading.min(by: { $0.isBefore($1) }) else { break }
      var lastTimeNS = reading.count < mostOpen ? (waiting.first?.firstTimeNS ?? .max) - 1 : .max
      for other in reading where other !== current { lastTimeNS = min(lastTimeNS, current.turnEnds(before: other)) }
      overlap.isNeeded = reading.count > 1
      current.read(through: max(lastTimeNS, current.nextTimeNS), into: &builder, overlap: &overlap, progress: progress)
      if let state = current.endState {
        reading.removeAll { $0 === current }
        account.close(current, state)
      }
    }
    if overlap.repeated > 0 { account.remarks.append(.overlap(point: point.name, packets: overlap.repeated)) }
    account.source.kernelDrops = account.drops.total
    (source, rejected, remarks) = (account.source, account.rejected, account.remarks)
    traffic = builder.finish()
  }

  /// The failure of a file that went away while it was read, so that its last frames may not be what was captured.
  var loss: Failure? {
    for case .damaged(let path, let damage) in remarks {
      if case .lost(let number) = damage.cause { return .input(.lost(path: path, errno: number)) }
    }
    return nil
  }

  /// What `--verbose` says of the point.
  var summary: String {
    "\(source.name): \(traffic.counts.frames) packets (\(rejected) more rejected by the filter), "
      + "\(source.linkTypes.joined(separator: ",")), from \(source.files.map(\.path).joined(separator: " "))"
  }

  /// Whether the next file must be opened now: nothing else is left, or its first packet comes before all others.
  private static func isTurn(of file: InputFile, beside reading: [OpenFile], mostOpen: Int) -> Bool {
    guard let next = reading.map(\.nextTimeNS).min() else { return true }
    return reading.count < mostOpen && (file.firstTimeNS ?? .max) <= next
  }
}

/// What is known of a point's files beside their packets.
private struct PointAccount {
  var source: PointSource
  var rejected = 0
  var remarks: [Remark] = []
  var drops = DropCounter()

  init(source: PointSource) { self.source = source }

  /// Frames of the files so far, of which some may still be read: the number before the first of a further file.
  func framesBeforeNext(stillReading last: OpenFile?) -> Int {
    guard let last else { return source.files.reduce(0) { $0 + $1.frames } }
    return source.files[(last.index + 1)...].reduce(last.framesBefore + last.countFrames()) { $0 + $1.frames }
  }

  /// Takes in what a file tells that is read.
  mutating func close(_ file: OpenFile, _ state: ReadState) {
    let path = file.file.path
    source.files[file.index].frames = file.framesRead
    rejected += file.framesRejected
    if case .damaged(let damage) = state { remarks.append(.damaged(path: path, damage)) }
    let wanted = file.wantedInterfaces
    if let interface = file.file.interface, wanted.isEmpty {
      let known = file.interfaces.map(\.key)
      remarks.append(.unreadable(.interfaceNotFound(path: path, interface: interface, known: known)))
    }
    let busy = wanted.filter { $0.packets > 0 }
    if file.isCaptureOfInterfaces, file.file.interface == nil {
      let survey = InterfaceSurvey(of: busy)
      if survey.isTooMany {
        remarks.append(.manyInterfaces(path: path, count: survey.places.count, example: survey.places[0].key))
      } else if !file.file.canBeReadTwice, survey.places.count > 1 {
        remarks.append(.interfacesTogether(path: path, interfaces: survey.places.map(\.key)))
      }
    }
    for interface in busy {
      if !source.linkTypes.contains(interface.linkTypeName) { source.linkTypes.append(interface.linkTypeName) }
      if !PacketDecoder.supports(LinkType(rawValue: interface.linkType)) {
        remarks.append(.unknownLinkType(path: path, name: interface.linkTypeName, frames: interface.packets))
      }
    }
    drops.add(wanted)
  }
}

/// Adds up what the files of a point say was dropped.
///
/// The counters run on over files that one capture wrote in turn: only what is new in a file is added, unless a counter
/// has fallen, as a new capture begins at 0.
struct DropCounter {
  /// `nil` where no file says anything.
  private(set) var total: Int?
  private var last = 0

  /// Takes the interfaces of the next file.
  mutating func add(_ interfaces: [CaptureInterface]) {
    let said = interfaces.compactMap(\.drops)
    guard !said.isEmpty else { return }
    let count = said.reduce(0) { sum, drops in
      let (result, overflow) = sum.addingReportingOverflow(drops)
      return overflow ? .max : result
    }
    let (sum, overflow) = (total ?? 0).addingReportingOverflow(count >= last ? count - last : count)
    total = overflow ? .max : sum
    last = count
  }
}

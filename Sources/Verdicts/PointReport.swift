/// One capture point.
public struct PointReport: Sendable, Equatable {
  /// Its name.
  public var name: String
  /// Paths of its files, as given.
  public var files: [String]
  /// Packets read, all kinds.
  public var packets: Int
  /// Name of the link type, such as `EN10MB`; several are joined by a comma.
  public var linkType: String
  /// Time of its first packet by the reference clock, in nanoseconds since the Unix epoch; `nil` without packets.
  public var firstNS: Int64?
  /// Time of its last packet by the reference clock; `nil` without packets.
  public var lastNS: Int64?
  /// Its clock against the reference clock.
  public var clock: ClockReport
  /// What the capture itself missed or added.
  public var capture: CaptureReport

  /// A point with these facts.
  public init(
    name: String, files: [String], packets: Int, linkType: String, firstNS: Int64?, lastNS: Int64?,
    clock: ClockReport, capture: CaptureReport
  ) {
    self.name = name
    self.files = files
    self.packets = packets
    self.linkType = linkType
    self.firstNS = firstNS
    self.lastNS = lastNS
    self.clock = clock
    self.capture = capture
  }
}

/// A point's clock minus the reference clock.
public struct ClockReport: Sendable, Equatable {
  /// Offset at the point's first packet in nanoseconds; `nil` where the traffic does not tell.
  public var offsetNS: Int64?
  /// Drift in parts per million (positive: this clock runs fast); `nil` where the traffic does not tell.
  public var driftPPM: Double?
  /// The true offset is within this many nanoseconds of ``offsetNS``, whatever the paths; `nil` with it.
  public var errorNS: Int64?
  /// Sudden changes of the clock.
  public var steps: [ClockStep]

  /// A clock like this.
  public init(offsetNS: Int64?, driftPPM: Double?, errorNS: Int64?, steps: [ClockStep] = []) {
    self.offsetNS = offsetNS
    self.driftPPM = driftPPM
    self.errorNS = errorNS
    self.steps = steps
  }
}

/// A sudden change of a clock.
public struct ClockStep: Sendable, Equatable {
  /// When, by the reference clock, in nanoseconds since the Unix epoch.
  public var timeNS: Int64
  /// By how much, in nanoseconds; positive: forward.
  public var byNS: Int64

  /// A step.
  public init(timeNS: Int64, byNS: Int64) {
    self.timeNS = timeNS
    self.byNS = byNS
  }
}

/// What a capture missed or added by itself.
public struct CaptureReport: Sendable, Equatable {
  /// Packets that passed the point but are not in its capture.
  public var notCaptured: Int
  /// Packets that the capture holds twice.
  public var duplicates: Int
  /// Packets of which the snap length cut payload or headers.
  public var truncated: Int
  /// Packets that the kernel says it dropped; `nil` where the file does not say.
  public var kernelDrops: Int?
  /// The only direction that this point sees, if so.
  public var oneWay: Direction?
  /// Whether frames larger than the path's MTU, or unfilled checksums, show offload at the capturing host.
  public var offload: Bool

  /// A capture like this.
  public init(
    notCaptured: Int, duplicates: Int, truncated: Int, kernelDrops: Int?, oneWay: Direction?, offload: Bool
  ) {
    self.notCaptured = notCaptured
    self.duplicates = duplicates
    self.truncated = truncated
    self.kernelDrops = kernelDrops
    self.oneWay = oneWay
    self.offload = offload
  }
}

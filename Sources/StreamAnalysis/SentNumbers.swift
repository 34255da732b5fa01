/// Tells acknowledgements of what a side never sent, as long as its numbers have not come so far that they wrap.
///
///     var sent = SentNumbers(syn: 1000)
///     sent.reach(1301)
///     sent.lack(900, below: 1301)    // true; 1001 to 1301 are numbers that may be acknowledged
public struct SentNumbers: Sendable, Equatable {
  /// Sequence number of the SYN; `nil` for good once 2 GiB were sent: from there on a number may be an old one or a new
  /// one (RFC 9293, 3.4).
  public private(set) var initial: UInt32?

  /// The numbers of a side whose SYN has this one.
  public init(syn: UInt32) { initial = syn }

  /// Takes the sequence number behind the last byte that the side sent, whenever it moves on.
  public mutating func reach(_ end: UInt32) {
    if let initial, end &- initial >= 1 << 31 { self.initial = nil }
  }

  /// Whether an acknowledgement cannot be of anything sent so far, which ends before `reached`.
  public func lack(_ acknowledgement: UInt32, below reached: UInt32) -> Bool {
    guard let initial else { return false }
    return reached &- acknowledgement >= reached &- initial
  }
}

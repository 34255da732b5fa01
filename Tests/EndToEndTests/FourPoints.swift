import Packets
import TestSupport
import Verdicts

/// A path of four points with clocks hours apart, PAT behind the first and a server's translation behind the second.
enum FourPoints {
  static let names = ["client", "edge", "core", "server"]
  static let second: Int64 = 1_000_000_000
  static let hour = 3600 * second

  static func path() -> PathSimulation {
    PathSimulation(clocksNS: [0, 2 * hour, -3 * hour, hour])
  }

  /// The addresses of a conversation at each point.
  static func legs(_ number: Int, externalPort: Int? = nil) -> [Conversation.Leg] {
    let inside = Endpoint(
      address: IPAddress(v4: 0x0A01_000A + UInt32(number % 200)), port: UInt16(20_000 + number))
    let outside = Endpoint(address: "203.0.113.2", port: UInt16(externalPort ?? 1024 + number * 7))
    return [
      .init(inside, "198.51.100.80:80"), .init(outside, "198.51.100.80:80"), .init(outside, "10.9.1.10:8080"),
      .init(outside, "10.9.1.10:8080"),
    ]
  }

  /// A script for the conversation of this number, 50 ms after the one before it.
  static func script(_ number: Int) -> ConversationScript {
    ConversationScript(seed: UInt64(number) + 1, startNS: 10 * hour + Int64(number) * 50_000_000)
  }

  /// A conversation of this number.
  static func conversation(_ number: Int, _ script: ConversationScript) -> Conversation {
    var conversation = Conversation(legs: legs(number))
    conversation.transmissions = script.transmissions
    return conversation
  }

  /// A conversation of this number with some requests.
  static func conversation(_ number: Int, requests: Int) -> Conversation {
    var script = script(number)
    script.open()
    for _ in 0..<requests { script.request(200, response: 3000) }
    script.close()
    return conversation(number, script)
  }

  /// The report on these captures, in path order, with the order of the points inferred.
  static func analysed(_ captures: [[CapturedFrame]]) -> (report: AnalysisReport, said: Said) {
    let report = analyse(zip(names, captures).map { Captured($0, frames: $1) }.reversed())
    return (report, Said(report))
  }

  static func analysed(_ path: PathSimulation) -> (report: AnalysisReport, said: Said) { analysed(path.captures) }
}

import Archive
import Foundation
import Packets
import Scenarios
import TestSupport

/// The first inputs of every target: small, valid, and of as many kinds as there are.
enum Seeds {
  static func write(to folder: String) throws {
    for target in FuzzTarget.allCases {
      let place = URL(filePath: folder).appending(path: target.rawValue)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for (index, seed) in seeds(of: target).enumerated() {
        try Data(seed).write(to: place.appending(path: "seed-\(index)"))
      }
    }
    let archive = URL(filePath: folder).appending(path: "archives/seed-0").path
    try AnalysisArchive.write(HostileReport.plain, to: archive)
  }

  private static func seeds(of target: FuzzTarget) -> [[UInt8]] {
    switch target {
    case .files: files
    case .frames: frames
    case .options: options
    case .analysis: [analysis]
    case .paths: paths
    case .archives: []
    case .reports: reports
    }
  }

  static let udp = UDPDatagram(source: "10.0.0.1:1", destination: "10.0.0.2:53", payload: [1, 2, 3])
  static let syn = TCPSegment(
    source: "10.0.0.1:40000", destination: "192.0.2.80:80", seq: 1, flags: .syn,
    options: [.maximumSegmentSize(1460), .sackPermitted, .timestamps(value: 1, echo: 0), .windowScale(7)])
  static let data = TCPSegment(
    source: "10.0.0.1:40000", destination: "192.0.2.80:80", seq: 2, ack: 9, flags: [.psh, .ack],
    options: [.noOperation, .noOperation, .timestamps(value: 1, echo: 2)], payload: Array("GET / HTTP/1.1".utf8))
  static let udp6 = UDPDatagram(source: "[fd00::1]:1", destination: "[fd00::2]:53", payload: [1, 2, 3])

  private static let files: [[UInt8]] = CaptureBytes.Order.allCases.flatMap { order -> [[UInt8]] in
    let frame = udp.ipv4().ethernet()
    let pcap = [0xA1B2_C3D4, 0xA1B2_3C4D, 0xA1B2_CD34].map { magic in
      CaptureBytes.pcap(order, magic: magic).record(seconds: 1, fraction: 2, frame)
        .record(seconds: 2, fraction: 3, frame)
    }
    let pcapng = CaptureBytes.pcapng(order).interface(resolution: 9, offset: 3, name: "eth0")
      .interface(linkType: 101).packet(time: 5, frame, drops: 2).simplePacket(frame, wire: 99)
      .obsoletePacket(time: 9, frame).statistics(interface: 0, [(5, 7)]).otherBlock(4, [0, 0, 0, 0])
      .packet(interface: 1, time: 7, udp.ipv4().bytes)
    let other = [
      CaptureBytes.snoop().snoopRecord(seconds: 1, microseconds: 2, frame, wire: 60, drops: 1),
      CaptureBytes(order: .big).erfRecord(seconds: 1_700_000_000, fraction: 5, frame)
        .erfRecord(seconds: 1_700_000_001, fraction: 5, frame),
    ]
    return (pcap + [pcapng] + other).map(\.bytes)
  }

  private static func frames(_ linkType: LinkType, _ frames: [[UInt8]]) -> [UInt8] {
    guard let index = FramesTarget.linkTypes.firstIndex(of: linkType) else { return [] }
    return frames.reduce([UInt8(index)]) { $0 + [1, 0, UInt8($1.count >> 8), UInt8($1.count & 0xFF)] + $1 }
  }

  private static let frames: [[UInt8]] = {
    let (v4, v6) = (data.ipv4(), udp6.ipv6())
    let quoting = ICMPMessage.portUnreachable(from: "10.0.0.2", about: v4).ipv4()
    let large = UDPDatagram(
      source: "10.0.0.1:1", destination: "10.0.0.2:53", payload: Array(repeating: 7, count: 300)
    ).ipv4(id: 5)
    let tunnels: [any IPPacket] = [
      v4.inIP(), v6.inIP(), v4.inEtherIP(), v4.authenticated(), v4.inGRE(), v4.inPPTP(acknowledges: true),
      v4.mirrored(type: 1), v4.mirrored(type: 2), v4.mirrored(type: 3, platform: true), v4.inVXLAN(),
      v4.inGenericVXLAN(serviceHeader: true), v4.inGENEVE(options: 2), v4.inGTP(sequence: true, extensions: 2),
      v4.inL2TP(allFields: true), v4.inMPLS(overUDP: true), v4.inMPLS(overUDP: false), v6.inTeredo(indications: true),
    ]
    let plain: [(LinkType, [[UInt8]])] = [
      (.ethernet, [syn.ipv4().ethernet(), v4.ethernet(), quoting.ethernet(), v6.ethernet(vlans: [5])]),
      (.ethernet, large.fragments(of: 104).map { $0.ethernet() }),
      (.ethernet, [v4.pppoeEthernet(), v4.ethernet(mpls: [16, 17]), v4.snapEthernet()]),
      (.null, [v4.loopback(.little), v6.loopback(.big, family: 30)]), (.ppp, [v4.ppp()]), (.pppoe, [v4.pppoe()]),
      (.linuxCooked, [v4.cooked(), v6.cooked(vlans: [9])]), (.linuxCooked2, [v4.cooked2()]), (.ipv4, [v4.bytes]),
      (.ipv6, [v6.bytes]), (.netfilterLog, [v4.netfilterLog(.little)]), (.ipOverInfiniband, [v4.infiniband()]),
    ]
    return plain.map { frames($0.0, $0.1) } + tunnels.map { frames(.ethernet, [$0.ethernet()]) }
      + FramesTarget.linkTypes.map { frames($0, [v4.bytes, v4.ethernet()]) }
  }()

  private static let options: [[UInt8]] = {
    let onSYN: [TCPOption] = [
      .maximumSegmentSize(1460), .sackPermitted, .timestamps(value: 1, echo: 0), .windowScale(7),
    ]
    let onData: [TCPOption] = [
      .noOperation, .noOperation, .sack([(1, 2), (5, 9)]), .timestamps(value: 7, echo: 8), .end,
    ]
    return [
      [1] + onSYN.flatMap(\.bytes), [0] + onData.flatMap(\.bytes), [1] + TCPOption.fastOpen(cookie: [1, 2]).bytes,
    ]
  }()

  private static let analysis: [UInt8] = {
    var scenario = Scenario(points: 2)
    scenario.add(TCPConversation(script: [.client(300), .server(900)]))
    return scenario.run().captures[0].reduce([0]) { input, frame in
      let bytes = frame.bytes.count.isMultiple(of: 2) ? frame.bytes : frame.bytes + [0]
      return input + [0, 20, 0, 0, UInt8(bytes.count / 2)] + bytes
    }
  }()

  private static let paths: [[UInt8]] = (0..<40).map { seed in
    var generator = SplitMix64(seed: UInt64(seed))
    return (0..<120).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }

  private static let reports: [[UInt8]] = (0..<16).map { choice in
    [UInt8(choice), 1, 12] + Array("=<script>\u{1B}\u{202E}".utf8) + [UInt8(choice), 0, 9] + Array("</script>".utf8)
  }
}

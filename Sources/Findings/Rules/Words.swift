import Packets

/// A share as a percentage with as many decimals as it needs.
enum Percent {
  static func text(_ share: Double) -> String {
    let tenths = (share * 1000).rounded()
    if share > 0, tenths < 10 {
      let thousandths = Int((share * 100_000).rounded())
      return "\(thousandths / 1000).\(pad(thousandths % 1000, 3)) %"
    }
    return "\(Int(tenths) / 10).\(Int(tenths) % 10) %"
  }

  /// A chance in words that do not pretend to more digits than it has: `1 in 20000`.
  static func chance(_ chance: Double) -> String {
    if chance > 0.01 { return text(chance) }
    if chance < 1e-9 { return "less than 1 in a billion" }
    var step = 1.0
    while step * 100 <= 1 / chance { step *= 10 }
    return "1 in \(Int((1 / chance / step).rounded(.down) * step))"
  }

  private static func pad(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

/// TCP flags as Wireshark lists them.
enum TCPFlagWords {
  static func words(_ flags: UInt8) -> String {
    let all: [(UInt8, String)] = [
      (TCPFlags.fin, "FIN"), (TCPFlags.syn, "SYN"), (TCPFlags.rst, "RST"), (TCPFlags.psh, "PSH"),
      (TCPFlags.ack, "ACK"), (TCPFlags.urg, "URG"),
    ]
    let set = all.filter { flags & $0.0 != 0 }.map(\.1)
    return set.isEmpty ? "no flags" : set.joined(separator: "+")
  }
}

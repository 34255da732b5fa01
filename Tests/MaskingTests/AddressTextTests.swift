import Testing

@testable import Masking

@Suite struct AddressTextTests {
  /// The text with every byte of an address turned around, to see what was taken for one.
  private func masked(_ text: String) -> String { AddressText.masked(text) { $0.map { ~$0 } } }

  @Test(
    arguments: [
      ("10.1.0.13", "245.254.255.242"), ("10.1.0.13:80", "245.254.255.242:80"), ("(10.1.0.13)", "(245.254.255.242)"),
      ("from 10.1.0.13 to 0.0.0.0.", "from 245.254.255.242 to 255.255.255.255."),
      ("/tmp/10.1.0.13.pcap", "/tmp/245.254.255.242.pcap"), ("10.1.0.13.443", "245.254.255.242.443"),
      ("host10.1.0.13x", "host245.254.255.242x"), ("fe10.1.0.13", "fe245.254.255.242"),
      ("999.10.1.0.13", "999.245.254.255.242"), ("ip-10-1-0-13.pcap", "ip-245-254-255-242.pcap"),
      ("a_10_1_0_13_b", "a_245_254_255_242_b"), ("€10.1.0.13€", "€245.254.255.242€"),
    ])
  func `IPv4 addresses are found wherever they stand`(text: String, expected: String) {
    #expect(masked(text) == expected)
  }

  @Test(
    arguments: [
      ("2001:db8::1", "dffe:f247:ffff:ffff:ffff:ffff:ffff:fffe"),
      ("[2001:DB8::1]:443", "[dffe:f247:ffff:ffff:ffff:ffff:ffff:fffe]:443"),
      ("2001:db8:0:0:0:0:0:1.", "dffe:f247:ffff:ffff:ffff:ffff:ffff:fffe."),
      ("::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"), ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::"),
      ("fe80::1%eth0", "17f:ffff:ffff:ffff:ffff:ffff:ffff:fffe%eth0"),
      ("12345:2001:db8::1", "12345:dffe:f247:ffff:ffff:ffff:ffff:ffff:fffe"),
      ("::ffff:10.1.0.13", "ffff:ffff:ffff:ffff:ffff:0:f5fe:fff2"),
    ])
  func `IPv6 addresses are found in every form`(text: String, expected: String) {
    #expect(masked(text) == expected)
  }

  @Test(
    arguments: [
      "", "23:25:38", "fw1-in → fw1-out", "1.2.3", "256.1.1.1", "1.2.3.4567", "02:00:00:00:00:01", "1,448 bytes", "a:b",
      "2026-11-20", "tcp.options.sack_le", "2.2 % (16 of 726)", "kind: loss",
    ])
  func `what is no address stays`(text: String) {
    #expect(masked(text) == text)
  }
}

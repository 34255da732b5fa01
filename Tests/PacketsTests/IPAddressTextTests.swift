import Packets
import TestSupport
import Testing

@Suite struct IPAddressTextTests {
  @Test(arguments: [
    "0.0.0.0", "10.1.0.10", "255.255.255.255", "::", "::1", "2001:db8::1", "2001:db8:0:1:1:1:1:1",
    "2001:0:0:1::1", "2001:db8::1:0:0:1", "fe80::", "1:2:3:4:5:6:7:8", "0:1::", "::ffff", "1::8", "a:b:c:d:e:f:0:1",
  ])
  func `the canonical text of RFC 5952 stands`(_ text: String) throws {
    #expect(try #require(IPAddress(parsing: text)).description == text)
  }

  @Test(arguments: [
    ("2001:DB8::1", "2001:db8::1"), ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"), ("0:0:1:0:0:0:1:1", "0:0:1::1:1"),
    ("2001:0db8::0001", "2001:db8::1"), ("1:0:0:2:0:0:3:4", "1::2:0:0:3:4"),
  ])
  func `other texts become canonical`(_ text: String, _ canonical: String) throws {
    #expect(try #require(IPAddress(parsing: text)).description == canonical)
  }

  @Test func `endpoints have their port`() {
    #expect(("10.1.0.10:80" as Endpoint).description == "10.1.0.10:80")
    #expect(("[2001:db8::1]:443" as Endpoint).description == "[2001:db8::1]:443")
  }

  @Test(arguments: ["", "1.2.3", "1.2.3.256", "1:2:3", "1::2::3", "1:2:3:4:5:6:7:8:9", "::g", "10.0.0.1:99999"])
  func `what is no address is refused`(_ text: String) {
    #expect(Endpoint(parsing: text) == nil)
  }
}

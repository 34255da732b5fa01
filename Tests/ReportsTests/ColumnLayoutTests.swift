import Testing

@testable import Reports

@Suite struct ColumnLayoutTests {
  static let columns = [
    ColumnLayout.Column(title: ["segment"], right: false, cells: [Line("a → b", .fault), Line("longer name")]),
    ColumnLayout.Column(title: ["lost"], cells: [Line("1,234,567"), Line("0")]),
    ColumnLayout.Column(title: ["not", "captured"], name: "not captured", droppable: 1, cells: [Line("5"), .empty]),
    ColumnLayout.Column(title: ["delay"], name: "delay", droppable: 2, cells: [Line("1 ms"), Line("2 ms")]),
  ]

  @Test func `columns are as wide as they must be, with numbers at the right`() {
    let layout = ColumnLayout(Self.columns, width: 80)
    #expect(
      layout.lines.map(\.text) == [
        "                             not       ",
        "segment           lost  captured  delay",
        "a → b        1,234,567         5   1 ms",
        "longer name          0             2 ms",
      ])
    #expect(layout.width == 39)
    #expect(layout.dropped.isEmpty)
  }

  @Test(arguments: [
    (39, []), (38, ["delay"]), (32, ["delay"]), (31, ["delay", "not captured"]), (1, ["delay", "not captured"]),
  ])
  func `the least important columns go first, and are named`(_ width: Int, _ dropped: [String]) {
    #expect(ColumnLayout(Self.columns, width: width).dropped == dropped)
  }
}

import Synchronization
import Testing
import Verdicts

@Suite struct ReportListTests {
  @Test(arguments: [0, 1, 7]) func `a list that is made has the items of one that holds them`(_ count: Int) {
    let held = ReportList((0..<count).map { $0 * $0 })
    let made = ReportList(count: count) { $0 * $0 }
    #expect(made == held)
    #expect(made.count == count)
    #expect(Array(made) == Array(held))
    #expect(made.indices == 0..<count)
  }

  @Test func `a list that is held makes no item again`() {
    let made = Mutex(0)
    var list = ReportList(count: 3) { place in
      made.withLock { $0 += 1 }
      return place
    }
    list.hold()
    list.hold()
    #expect(Array(list) + Array(list) == [0, 1, 2, 0, 1, 2])
    #expect(made.withLock { $0 } == 3)
  }

  @Test func `lists of other items or another length are not the same`() {
    let list: ReportList = [1, 2, 3]
    #expect(list != ReportList(count: 3) { $0 })
    #expect(list != ReportList(count: 4) { $0 + 1 })
  }

  @Test func `changing an item of a list that is made leaves the others`() {
    var list = ReportList(count: 4) { $0 * 10 }
    let before = list
    list[2] = 5
    #expect(list == [0, 10, 5, 30])
    #expect(before == [0, 10, 20, 30])
  }
}

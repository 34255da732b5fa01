import CMemory
import Glibc

/// Addresses for more than is ever in memory at a time: what is done with gives its memory to what comes next.
///
///     addresses  ░░░░░░░░░░████████████░░░░░░░░░░░░░░░░░░
///     later      ░░░░░░░░░░░░░░░░████████████░░░░░░░░░░░░   the same memory, moved by the page table
///
/// Rejected: `madvise` alone, as the kernel zeroes every page that it gives again, which costs more than what is done with
/// it here; and a ring, where each access has to reckon its place.
@safe
final class SlidingMemory {
  /// Where the addresses begin.
  let start: UnsafeMutableRawPointer
  private let mapping: UnsafeMutableRawPointer
  private let mappedBytes: Int
  /// Of each block, whether there is memory behind it.
  private var isPresent: [Bool]
  /// The blocks with memory, in any order.
  private var present: [Int] = []
  private var isKept: [Bool]

  /// The size of a huge page: such a block moves as one entry of the page table.
  static let blockBytes = 1 << 21

  /// - Parameter bytes: of the addresses.
  /// - Returns: `nil` where the system gives no such range.
  init?(bytes: Int) {
    let blocks = (bytes + Self.blockBytes - 1) / Self.blockBytes
    mappedBytes = (blocks + 1) * Self.blockBytes
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let mapped = unsafe mmap(nil, mappedBytes, PROT_READ | PROT_WRITE, flags, -1, 0), unsafe mapped != MAP_FAILED
    else { return nil }
    unsafe mapping = unsafe mapped
    unsafe start = unsafe mapped.alignedUp(toMultipleOf: Self.blockBytes)
    isPresent = Array(repeating: false, count: blocks)
    isKept = isPresent
    unsafe madvise(start, blocks * Self.blockBytes, MADV_HUGEPAGE)
  }

  deinit { unsafe munmap(mapping, mappedBytes) }

  /// Gives memory to these ranges of bytes, and takes it from all others, whose content is lost.
  func keep(_ ranges: [Range<Int>]) {
    var wanted: [Int] = []
    for range in ranges where !range.isEmpty {
      for block in range.lowerBound / Self.blockBytes...(range.upperBound - 1) / Self.blockBytes where !isKept[block] {
        isKept[block] = true
        wanted.append(block)
      }
    }
    var free = present.filter { !isKept[$0] }
    present.removeAll { !isKept[$0] }
    for block in wanted where !isPresent[block] {
      if let other = free.popLast() { move(other, to: block) }
      isPresent[block] = true
      present.append(block)
    }
    for block in free { giveBack(block) }
    for block in wanted { isKept[block] = false }
  }

  private func address(_ block: Int) -> UnsafeMutableRawPointer { unsafe start + block * Self.blockBytes }

  private func move(_ block: Int, to other: Int) {
    isPresent[block] = false
    if unsafe hopscope_move_memory(address(block), Self.blockBytes, address(other)) == 0 { return }
    // A kernel before 5.7: it gives other pages. The place may be unmapped by now.
    giveBack(block)
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED
    let mapped = unsafe mmap(address(other), Self.blockBytes, PROT_READ | PROT_WRITE, flags, -1, 0)
    precondition(unsafe mapped != MAP_FAILED, "there is no memory for a part of a long connection")
  }

  private func giveBack(_ block: Int) {
    isPresent[block] = false
    unsafe madvise(address(block), Self.blockBytes, MADV_DONTNEED)
  }
}

/// A long list of a report: held as it is, or made of something smaller, item by item, whenever one is read.
///
///     let rules = ReportList(count: 1_000_000) { place in rule(of: found[place]) }
///     for rule in rules { write(rule) }       // one rule at a time is in memory
///
/// Reading an item of a list that is made makes it anew; who reads the same items often holds them in an `Array`.
/// Changing an item holds the whole list from then on.
public struct ReportList<Item: Sendable>: RandomAccessCollection, MutableCollection, ExpressibleByArrayLiteral, Sendable
{
  @usableFromInline
  enum Source: Sendable {
    case held([Item])
    case made(count: Int, item: @Sendable (Int) -> Item)
  }

  @usableFromInline var source: Source

  /// A list that holds these items.
  @inlinable
  public init(_ items: some Sequence<Item>) { source = .held(Array(items)) }

  /// A list that holds these items.
  @inlinable
  public init(arrayLiteral items: Item...) { source = .held(items) }

  /// A list of `count` items, of which `item` makes the one at a place, from 0; always the same one.
  @inlinable
  public init(count: Int, item: @escaping @Sendable (Int) -> Item) { source = .made(count: count, item: item) }

  /// Makes all items at once and holds them, for those who read them more than once.
  public mutating func hold() {
    if case .made = source { source = .held(Array(self)) }
  }

  /// Goes through the items.
  @inlinable
  public func makeIterator() -> Iterator { Iterator(self) }

  /// Goes through the items, making each when it comes.
  public struct Iterator: IteratorProtocol {
    @usableFromInline let source: Source
    @usableFromInline let end: Int
    @usableFromInline var place = 0

    @inlinable
    init(_ list: ReportList) {
      source = list.source
      end = list.endIndex
    }

    /// The next item.
    @inlinable
    public mutating func next() -> Item? {
      guard place < end else { return nil }
      defer { place += 1 }
      switch source {
      case .held(let items): return items[place]
      case .made(_, let item): return item(place)
      }
    }
  }

  /// The place of the first item: 0.
  @inlinable public var startIndex: Int { 0 }

  /// The number of items.
  @inlinable
  public var endIndex: Int {
    switch source {
    case .held(let items): items.count
    case .made(let count, _): count
    }
  }

  /// The item at a place.
  @inlinable
  public subscript(place: Int) -> Item {
    get {
      switch source {
      case .held(let items): return items[place]
      case .made(let count, let item):
        precondition(place >= 0 && place < count, "no item at \(place)")
        return item(place)
      }
    }
    set {
      var items = Array(self)
      items[place] = newValue
      source = .held(items)
    }
  }
}

extension ReportList: Equatable where Item: Equatable {
  /// Whether all items are the same.
  @inlinable
  public static func == (left: ReportList, right: ReportList) -> Bool { left.elementsEqual(right) }
}

/// The second parts of the pairs under their first part, each list in the order of the pairs.
func grouped<Key: Hashable, Value>(_ pairs: [(Key, Value)]) -> [Key: [Value]] {
  var lists: [Key: [Value]] = [:]
  for (key, value) in pairs { lists[key, default: []].append(value) }
  return lists
}

import Glibc

// fuzz TARGET [OPTIONS OF LIBFUZZER] CORPUS      runs one target
// fuzz seeds FOLDER                              writes inputs to begin with: a folder for each target

/// The target of this run; set before the first input comes.
nonisolated(unsafe) private var target = FuzzTarget.files

/// What libFuzzer calls before all else: takes the name of the target out of the arguments.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> Int32 {
  let words = CommandLine.arguments
  if words.count == 3, words[1] == "seeds" {
    do {
      try Seeds.write(to: words[2])
      exit(0)
    } catch {
      print(error)
      exit(1)
    }
  }
  guard words.count > 1, let chosen = FuzzTarget(rawValue: words[1]) else {
    print("usage: fuzz TARGET [OPTION...] CORPUS, with one of the targets", FuzzTarget.allCases.map(\.rawValue))
    exit(2)
  }
  target = chosen
  arguments.pointee[1] = arguments.pointee[0]
  arguments.pointee += 1
  count.pointee -= 1
  return 0
}

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  target.run(Feed(Array(UnsafeBufferPointer(start: bytes, count: count))))
  return 0
}

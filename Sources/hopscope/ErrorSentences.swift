import Archive
import Captures
import Exports
import Files
import Flows
import Foundation

// Every text for what is wrong: what, where, and what to do. Nothing else in the program words an error.

extension Failure {
  var sentence: String {
    switch self {
    case .usage(let error): error.sentence
    case .input(let error): error.sentence
    case .output(let error): error.sentence
    case .archive(let error): error.description
    case .export(let error): error.sentence
    case .store(let point, let failure): failure.sentence(point)
    }
  }
}

extension StoreFailure {
  func sentence(_ point: String) -> String {
    switch self {
    case .memory(let number):
      "there is no memory for the packets of \(point): \(systemMessage(number)); give less with --memory, or analyse less"
    case .temporaryFile(let folder, let number):
      "the packets of \(point) find no room in \(folder): \(systemMessage(number)); "
        + "set TMPDIR to a folder with more room, or give more with --memory"
    case .tooManyPackets(let most):
      "\(point) has more packets than the \(most) that one point may have; take fewer of them with --filter, "
        + "or analyse fewer files at a time"
    }
  }
}

extension UsageError {
  var sentence: String {
    switch self {
    case .emptyName(let argument): "\(argument) has no name before its \"=\"; write NAME=FILE, or only the file"
    case .emptyPath(let argument): "\"\(argument)\" names no file; write FILE, NAME=FILE or a folder"
    case .commaInName(let name):
      "the point name \"\(name)\" has a comma, which separates names in --order; leave it out"
    case .equalNames(let name, let path, let other):
      "\(other) and \(path) would both be the point \"\(name)\"; name them, as in a=\(other) b=\(path)"
    case .sameFileTwice(let path, let other):
      path == other
        ? "\(path) is given twice; give each capture once"
        : "\(other) and \(path) are the same file; give each capture once"
    case .orderUnknown(let name, let known):
      "--order names \"\(name)\", which is no point here; the points are \(known.joined(separator: ","))"
    case .orderRepeats(let name): "--order names \"\(name)\" twice; name each point once"
    case .orderMisses(let names): "--order leaves out \(names.joined(separator: ",")); name every point, client first"
    case .topologyMisses(let names, let path):
      "\(path) leaves out the points \(names.joined(separator: ",")); add them, or give the order with --order"
    case .tooSmall(let option, let minimum): "\(option) must be at least \(minimum)"
    case .badFilter(let expression, let message, let path):
      "the filter \"\(expression)\" does not hold for \(path): \(message); see pcap-filter(7) for the syntax"
    case .unknownPoint(let name, let known):
      "\"\(name)\" is no point of this analysis; its points are \(known.joined(separator: ","))"
    case .notTwoPoints(let option, let typed): "\(option) takes two different points, as in A,B, not \"\(typed)\""
    case .unknownKind(let kind, let known):
      "\"\(kind)\" is no kind of event; the kinds are \(known.joined(separator: ", "))"
    case .numberMissing(let what): "`show … \(what)` takes a number, as in `show FILE.db \(what) 1`"
    case .numberTooMuch(let what): "`show … \(what)` takes no number; leave it out"
    case .notForThis(let option, let what, let fits):
      "\(option) is not for \(what), only for \(fits.joined(separator: " and "))"
    case .notThere(let what, let number, let path):
      "\(path) has no \(what) \(number); `hopscope show \(path) \(what)s` lists what it has"
    case .databaseOrInputs: "give either --db FILE.db or the captures to analyse"
    case .exportNeedsTarget: "say where to: --pcapng OUT.pcapng, or -o DIR with --finding NUMBER"
    case .connectionOrFinding: "give --connection or --finding, one of the two"
    case .bundleNeedsFinding: "-o DIR is for the evidence of one finding; give --finding NUMBER"
    case .badCondition(let typed):
      "--fail-on \"\(typed)\" is no condition; write loss>PERCENT% (such as loss>0.1%), fault or warning"
    }
  }
}

extension InputError {
  var sentence: String {
    switch self {
    case .capture(let path, let error): error.sentence(path)
    case .lost(let path, nil):
      "\(path) became shorter while it was read; wait until nothing writes it any more, or analyse a copy"
    case .lost(let path, let number?):
      "\(path) could not be read to its end: \(systemMessage(number)); copy it again"
    case .notAFile(let path):
      "\(path) is a device or terminal, not a capture; give a file, a pipe or a folder"
    case .patternWithoutMatch(let pattern): "no file matches \(pattern); check the pattern"
    case .interfaceNotFound(let path, let interface, let known):
      "\(path) has no interface \(interface); it has \(known.prefix(8).joined(separator: ", "))"
        + (known.count > 8 ? " and \(known.count - 8) more" : "")
    case .folderWithoutCapture(let path, let entries):
      entries == 0
        ? "\(path) holds nothing; give pcap or pcapng files"
        : "none of the \(entries) entries of \(path) is a capture; give pcap or pcapng files"
    case .folderUnreadable(let path, let number): "the folder \(path) cannot be listed: \(systemMessage(number))"
    case .topologyUnreadable(let path, let number): "the topology \(path) cannot be read: \(systemMessage(number))"
    case .topologyMalformed(let path, let place, let problem):
      "\(path) is not a topology: \(problem)\(place.isEmpty ? "" : " at \(place)"); "
        + "it must be {\"points\":[{\"name\":…,\"file\":…,\"box\":…}]}"
    }
  }
}

extension OutputError {
  var sentence: String {
    switch self {
    case .folder(let path, let number): "the folder \(path) cannot be made: \(systemMessage(number))"
    case .file(let path, let number): "\(path) cannot be written: \(systemMessage(number))"
    case .standardOutput(let number): "standard output cannot be written: \(systemMessage(number))"
    }
  }
}

extension CaptureError {
  func sentence(_ path: String) -> String {
    switch self {
    case .notFound: "\(path) does not exist; check the path"
    case .isFolder: "\(path) is a folder; give it without a file name below it"
    case .noPermission: "\(path) cannot be read: permission denied; make it readable for this user"
    case .unreadable(let number): "\(path) cannot be read: \(systemMessage(number))"
    case .notACapture(let kind): kind.sentence(path)
    case .headerCut(let length): "\(path) ends within its header, at byte \(length); nothing can be read, copy it again"
    case .unsupportedVersion(let major, let minor):
      "\(path) has version \(major).\(minor) of its format, which is not known; convert it: "
        + "editcap -F pcap \(path) NEW.pcap"
    case .noInterface: "\(path) describes no interface, so it holds no packets; capture again, or leave it out"
    case .damagedStart(let damage): "nothing of \(path) can be read: \(damage.cause.clause(path)); copy it again"
    case .unpacking(let message): "\(path) cannot be unpacked: \(message); copy it again"
    case .isArchive: "\(path) is an archive that cannot be read twice; unpack it first"
    case .memberNotFound(let name): "\(path) holds no file \(name); list it to see what it holds"
    case .badFilter(let message): "the filter does not hold for \(path): \(message)"
    }
  }
}

extension FileKind {
  func sentence(_ path: String) -> String {
    switch self {
    case .pcap, .pcapng, .snoop, .erf: "\(path) is a capture"
    case .empty: "\(path) is empty (0 bytes), so nothing was captured; capture again, or leave it out"
    case .gzip, .bzip2, .xz, .zstandard, .lz4:
      "\(path) is compressed again and again; unpack it until a capture is left"
    case .tar, .zip: "\(path) is an archive within an archive; unpack the outer one first"
    case .networkMonitor:
      "\(path) is a Network Monitor capture; convert it first: editcap -F pcap \(path) NEW.pcap"
    case .text: "\(path) is text, not a capture; give a pcap, pcapng, snoop or ERF file"
    case .other(let bytes):
      "\(path) is not a capture: it starts with the bytes \(hexadecimal(bytes)); give a pcap, pcapng, snoop or ERF file"
    }
  }
}

extension CaptureDamage {
  /// What a report says of a file that could not be read to its end.
  func sentence(_ path: String) -> String {
    let before = "the \(frame - 1) frames before it were analysed"
    return switch cause {
    case .cut: "\(path) is cut within frame \(frame) (byte \(byteOffset)); \(before)"
    default: "\(path) is damaged at frame \(frame) (byte \(byteOffset)): \(cause.clause(path)); \(before)"
    }
  }
}

extension CaptureDamage.Cause {
  /// What is wrong, as a part of a sentence that has named the file.
  func clause(_ path: String) -> String {
    switch self {
    case .cut: "it ends within its first block"
    case .malformed(let fault): fault.clause
    case .unreadable(let number): "it cannot be read further, \(systemMessage(number))"
    case .lost(nil): "it became shorter while it was read"
    case .lost(let number?): "it could not be read any more, \(systemMessage(number))"
    case .unpacking(let message): "it cannot be unpacked further, \(message)"
    case .badFilter(let message): "the filter does not hold for its next interface, \(message)"
    }
  }
}

extension RecordFault {
  fileprivate var clause: String {
    switch self {
    case .packetTooLong(let captured, let limit):
      "a record claims \(captured) bytes of a packet, and no packet has more than \(limit)"
    case .packetOverrunsRecord(let captured, let room):
      "a record claims \(captured) bytes of a packet and has room for \(room)"
    case .recordLength(let length): "a record claims to be \(length) bytes long, which it cannot be"
    case .lengthsDiffer(let start, let end):
      "a block is \(start) bytes long by its start and \(end) by its end"
    case .unknownInterface(let index): "a packet is of interface \(index), which nothing describes"
    case .timeResolution(let value): "an interface has a time resolution that cannot be (if_tsresol \(value))"
    case .byteOrder: "a section does not say its byte order"
    case .sectionVersion(let major, let minor): "a section has version \(major).\(minor), which is not known"
    }
  }
}

extension FileStamp.State {
  /// What a file is now, in a few words.
  var words: String {
    switch self {
    case .same: "as it was analysed"
    case .missing: "moved or deleted"
    case .changed(let size): "changed since (\(size) bytes now)"
    case .unreadable(let error): "cannot be read: \(error.message)"
    }
  }
}

extension CaptureWhereabouts.Absence {
  var sentence: String {
    guard let state else {
      return "the analysis does not say by what \(path) is known again (it is anonymised, or an earlier release wrote "
        + "it), so its frames are missing; analyse the captures again"
    }
    switch state {
    case .same: return "\(path) is as it was analysed"
    case .missing: return "\(path) is no longer there, so its frames are missing; say where with --captures DIR"
    case .changed(let size):
      return "\(path) is not the file that was analysed any more (\(size) bytes now), so its frames are missing"
    case .unreadable(let error): return "\(path) cannot be read: \(error.message); its frames are missing"
    }
  }
}

extension ExportError {
  var sentence: String {
    switch self {
    case .nothingLeft: "none of the captures is where it was and as it was, so there is nothing to export"
    case .file(let error): "\(error.path) cannot be written: \(error.message)"
    case .capture(let path, let error): error.sentence(path)
    }
  }
}

extension Remark {
  var sentence: String {
    switch self {
    case .leftOut(let folder, let names):
      "\(names.count) \(names.count == 1 ? "entry" : "entries") of \(folder) without a capture left out: \(names.prefix(8).joined(separator: ", "))\(names.count > 8 ? ", …" : "")"
    case .onePoint: "one point: nothing to compare; give the captures of at least two points"
    case .withoutCapture(let names, let topology):
      "\(topology) names points of which there is no capture here: \(names.joined(separator: ", "))"
    case .unreadable(let error): error.sentence
    case .unknownLinkType(let path, let name, let frames):
      "\(path) has the link type \(name), which is not read yet: its \(frames) frames were skipped"
    case .severalInterfaces(let path, let interfaces, let points, let loopback):
      "\(path) holds the packets of \(interfaces.count) interfaces, each taken for a point of its own: "
        + zip(interfaces, points).map { "\($1) (\($0.packets) packets)" }.joined(separator: ", ")
        + (loopback.map { "; left out: \($0.key), the loopback (\($0.packets) packets)" } ?? "")
        + "; to take some of them, give NAME=\(path)#\(interfaces.first?.key ?? "0")"
    case .interfacesTogether(let path, let interfaces):
      "\(path) holds the packets of \(interfaces.count) interfaces (\(interfaces.joined(separator: ", "))), taken for "
        + "one point, as it can be read only once; give it as a file to take each for a point"
    case .manyInterfaces(let path, let count, let example):
      "\(path) holds the packets of \(count) interfaces, taken for one point, as they are so many; to take one of them, "
        + "give NAME=\(path)#\(example)"
    case .overlap(let point, let packets):
      "\(packets) packets stand in two files of the point \(point); each was taken once"
    case .notAnalysed(let path, let malformed, let fragments):
      "of \(path), \(malformed) frames contradict themselves and \(fragments) are fragments or pieces of TCP segments, "
        + "which are not put together; they were skipped"
    case .damaged(let path, let damage): damage.sentence(path)
    }
  }
}

private func systemMessage(_ number: Int32) -> String { unsafe String(cString: strerror(number)) }

private func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
}

import Archive
import Captures
import Foundation

// Every text for what is wrong: what, where, and what to do. Nothing else in the program words an error.

extension Failure {
  var sentence: String {
    switch self {
    case .usage(let error): error.sentence
    case .input(let error): error.sentence
    case .output(let error): error.sentence
    case .archive(let error): error.description
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
    case .notThereYet(let option): "\(option) is not there yet in this version; use --format text or json"
    }
  }
}

extension InputError {
  var sentence: String {
    switch self {
    case .capture(let path, let error): error.sentence(path)
    case .notAFile(let path):
      "\(path) is a pipe or device, which cannot be read twice; write the capture to a file first"
    case .folderWithoutCapture(let path, let entries, let compressed):
      entries == 0
        ? "the folder \(path) is empty; give pcap or pcapng files"
        : "none of the \(entries) entries of the folder \(path) is a capture; "
          + (compressed == 0 ? "give pcap or pcapng files" : "unpack the \(compressed) compressed ones first")
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
    case .interfacesDiffer(let difference): difference.sentence(path)
    case .badFilter(let message): "the filter does not hold for \(path): \(message)"
    case .refused(let message): "\(path) cannot be read as a capture: \(message)"
    }
  }
}

extension FileKind {
  func sentence(_ path: String) -> String {
    switch self {
    case .pcap, .pcapng: "\(path) is a capture"
    case .empty: "\(path) is empty (0 bytes), so nothing was captured; capture again, or leave it out"
    case .gzip: "\(path) is compressed with gzip; unpack it first: gunzip -k \(path)"
    case .bzip2: "\(path) is compressed with bzip2; unpack it first: bunzip2 -k \(path)"
    case .xz: "\(path) is compressed with xz; unpack it first: unxz -k \(path)"
    case .zstandard: "\(path) is compressed with Zstandard; unpack it first: unzstd \(path)"
    case .lz4: "\(path) is compressed with LZ4; unpack it first: unlz4 \(path)"
    case .zip: "\(path) is a ZIP archive; unpack it first: unzip \(path)"
    case .snoop: "\(path) is a snoop capture; convert it first: editcap -F pcap \(path) NEW.pcap"
    case .networkMonitor:
      "\(path) is a Network Monitor capture; convert it first: editcap -F pcap \(path) NEW.pcap"
    case .text: "\(path) is text, not a capture; give a pcap or pcapng file"
    case .other(let bytes):
      "\(path) is not a capture: it starts with the bytes \(hexadecimal(bytes)); give a pcap or pcapng file"
    }
  }
}

extension CaptureDamage {
  /// What a report says of a file that could not be read to its end.
  func sentence(_ path: String) -> String {
    let place = byteOffset.map { "frame \(frame) (byte \($0))" } ?? "frame \(frame)"
    return switch cause {
    case .cut: "\(path) is cut within \(place); the \(frame - 1) frames before it were analysed"
    case .malformed(let message):
      "\(path) is damaged at \(place): \(message); the \(frame - 1) frames before it were analysed"
    case .interfacesDiffer(let difference):
      "only the first \(frame - 1) frames of \(path) were analysed: \(difference.sentence(path))"
    }
  }
}

extension InterfaceDifference {
  func sentence(_ path: String) -> String {
    switch self {
    case .linkType:
      "\(path) holds interfaces of different link types, which libpcap does not read together; take one at a time: "
        + "tshark -r \(path) -Y \"frame.interface_id == 0\" -F pcap -w NEW.pcap"
    case .snapLength:
      "\(path) holds interfaces of different snap lengths, which libpcap does not read together; convert it: "
        + "editcap -F pcap \(path) NEW.pcap"
    }
  }
}

extension Remark {
  var sentence: String {
    switch self {
    case .leftOut(let folder, let names, let compressed):
      "\(names.count) \(names.count == 1 ? "entry" : "entries") of \(folder) without a capture left out: \(names.prefix(8).joined(separator: ", "))\(names.count > 8 ? ", …" : "")"
        + (compressed == 0 ? "" : "; unpack the \(compressed) compressed ones to have them analysed")
    case .onePoint: "one point: nothing to compare; give the captures of at least two points"
    case .withoutCapture(let names, let topology):
      "\(topology) names points of which there is no capture here: \(names.joined(separator: ", "))"
    case .unreadable(let error): error.sentence
    case .unknownLinkType(let path, let name, let frames):
      "\(path) has the link type \(name), which is not read yet: its \(frames) frames were skipped"
    case .notAnalysed(let path, let malformed, let fragments):
      "of \(path), \(malformed) frames contradict themselves and \(fragments) are fragments or pieces of TCP segments, "
        + "which are not put together; they were skipped"
    case .damaged(let path, let damage): damage.sentence(path)
    }
  }
}

private func systemMessage(_ number: Int32) -> String { String(cString: strerror(number)) }

private func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
}

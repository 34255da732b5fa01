import Captures

/// A file of any kind is read: frames fit in it, and two ways to read it give the same.
enum FilesTarget {
  /// What is unpacked may be far larger than the input; more frames than this say nothing new.
  private static let mostFrames = 20_000

  static func run(_ feed: Feed) {
    let file = MemoryFile(feed.bytes)
    do throws(CaptureError) {
      let content = try CaptureFile(path: file.path)
      for member in content.members.prefix(8) {
        let location = CaptureLocation(path: file.path, member: member.name)
        _ = Reading(location, limit: 100, size: nil)
      }
      // What is compressed holds more than it is long.
      let size = FileKind(prefix: feed.bytes).isCapture ? feed.bytes.count : nil
      let atOnce = Reading(CaptureLocation(path: file.path), limit: mostFrames, size: size)
      let oneByOne = Reading(CaptureLocation(path: file.path), limit: 1, size: size)
      require(atOnce == oneByOne, "\(atOnce) and \(oneByOne)")
    } catch {
      return
    }
  }

  /// What a reader said, with a digest of what it handed out.
  struct Reading: Equatable {
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    var frames = 0
    var state = ReadState.more
    var interfaces: [CaptureInterface] = []
    var error: CaptureError?

    /// - Parameter size: bytes of the file, if all its packets are in it as they are.
    init(_ location: CaptureLocation, limit: Int, size: Int?) {
      var (digest, frames, captured) = (digest, 0, 0)
      do throws(CaptureError) {
        var reader = try CaptureReader(location)
        while state == .more, frames < mostFrames {
          let before = reader.interfaces.count
          state = reader.readFrames(limit: limit) { header, bytes in
            frames += 1
            require(header.number >= frames, "frame \(header.number) is the \(frames). one")
            require(header.wireLength >= bytes.byteCount, "more captured than on the wire")
            require((0..<before).contains(header.interface), "interface \(header.interface) of \(before)")
            captured += bytes.byteCount
            digest = (digest ^ UInt64(bitPattern: header.timeNS)) &* 0x100_0000_01B3
            digest = (digest ^ UInt64(header.wireLength)) &* 0x100_0000_01B3
            for index in 0..<bytes.byteCount {
              digest = (digest ^ UInt64(bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self))) &* 0x100_0000_01B3
            }
          }
          if let size, case .damaged(let damage) = state {
            require((0...Int64(size)).contains(damage.byteOffset), "damage at \(damage.byteOffset) of \(size)")
          }
        }
        if let size { require(captured <= size, "\(captured) bytes of packets in \(size)") }
        interfaces = reader.interfaces
      } catch {
        self.error = error
      }
      (self.digest, self.frames) = (digest, frames)
    }
  }
}

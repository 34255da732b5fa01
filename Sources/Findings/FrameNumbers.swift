import Correlation
import Verdicts

/// Turns the running frame numbers of the points into files and frames, as Wireshark numbers them.
struct FrameNumbers {
  /// For each position, the running number behind which each of its files begins.
  private let starts: [[Int]]

  init(_ sources: [PointSource]) {
    starts = sources.map { source in
      var frames = 0
      return source.files.map { file in
        defer { frames += file.frames }
        return frames
      }
    }
  }

  /// The file and the frame in it, from 1, of a running frame number at a position, from 1.
  ///
  /// A number beyond the last frame counts on in the last file.
  subscript(position: Int, frame: UInt32) -> FrameReference {
    let files = starts[position]
    var low = 0
    var high = files.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if files[middle] < Int(frame) { low = middle } else { high = middle }
    }
    return FrameReference(point: position, file: low, frame: Int(frame) - (files.isEmpty ? 0 : files[low]))
  }

  /// The frame of a packet at a point.
  subscript(sighting: PacketEvent.Sighting) -> FrameReference { self[sighting.position, sighting.frame] }

  /// The running number of a frame at its point; the way back.
  subscript(frame: FrameReference) -> UInt32 {
    let before = starts[frame.point].isEmpty ? 0 : starts[frame.point][frame.file]
    return UInt32(truncatingIfNeeded: before + frame.frame)
  }
}

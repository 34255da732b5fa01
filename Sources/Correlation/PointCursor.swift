import Flows
import Packets

/// Loads the packets of one connection at one point, all at once or piece by piece.
struct PointCursor {
  private var unpacker: RecordUnpacker
  private let flipped: Bool
  /// How far the client's packets are loaded.
  private(set) var client: Side
  /// How far the server's are.
  private(set) var server: Side

  /// How far one direction is loaded.
  struct Side {
    var unwrapping: Unwrapping
    /// The packet before, or what stands for it.
    var last: PacketRecord
  }

  /// - Parameters:
  ///   - flipped: whether the point takes the client for the server.
  ///   - client: how the client's packets are put in their place.
  ///   - server: the same of the server's.
  init(_ unpacker: RecordUnpacker, flipped: Bool, client: Unwrapping, server: Unwrapping) {
    self.unpacker = unpacker
    self.flipped = flipped
    self.client = Side(unwrapping: client, last: unpacker.beginning(fromClient: !flipped))
    self.server = Side(unwrapping: server, last: unpacker.beginning(fromClient: flipped))
  }

  /// Packets that are still to be loaded.
  var left: Int { unpacker.left }

  /// Loads so many packets of both directions at most, in the order of capture.
  mutating func load(_ most: Int, into traces: inout DirectionPair<DirectionTrace>) {
    var unpacker = unpacker
    unsafe withUnsafeTemporaryAllocation(of: PacketRecord.self, capacity: 2) { spare in
      guard let spare = spare.baseAddress else { return }
      var clientLane = unsafe Lane(client, spare: spare)
      var serverLane = unsafe Lane(server, spare: spare + 1)
      let rest = max(0, unpacker.left - most)
      while unpacker.left > rest {
        if unpacker.isNextFromClient() != flipped {
          clientLane.take(&unpacker, into: &traces.clientToServer.transmissions)
        } else {
          serverLane.take(&unpacker, into: &traces.serverToClient.transmissions)
        }
      }
      (client, server) = (clientLane.side, serverLane.side)
    }
    self.unpacker = unpacker
  }
}

/// Unpacks the packets of one direction at one point to where they are judged.
@safe
private struct Lane {
  private var unwrapping: Unwrapping
  /// The packet before: where it was put, or the spare place.
  private var previous: UnsafePointer<PacketRecord>
  private let spare: UnsafeMutablePointer<PacketRecord>

  /// - Parameters:
  ///   - side: how far it was loaded.
  ///   - spare: room for a packet that is put nowhere, as long as this is used.
  @inline(__always)
  init(_ side: PointCursor.Side, spare: UnsafeMutablePointer<PacketRecord>) {
    unwrapping = side.unwrapping
    unsafe self.spare = unsafe spare
    unsafe spare.initialize(to: side.last)
    unsafe previous = UnsafePointer(spare)
  }

  /// How far it is loaded now.
  var side: PointCursor.Side { unsafe PointCursor.Side(unwrapping: unwrapping, last: previous.pointee) }

  /// Takes the next packet, which is of this direction.
  @inline(__always)
  mutating func take(_ unpacker: inout RecordUnpacker, into transmissions: inout TransmissionBuffer) {
    guard unwrapping.place >= 0 else { return unsafe unpacker.unpack(after: spare, into: spare) }
    if transmissions.isFull {
      // What is there now is about to move.
      unsafe spare.pointee = unsafe previous.pointee
      unsafe previous = UnsafePointer(spare)
      transmissions.makeRoom()
    }
    let slot = unsafe transmissions.slot
    // The record is the first of what a transmission holds.
    let record = unsafe UnsafeMutableRawPointer(slot).assumingMemoryBound(to: PacketRecord.self)
    unsafe unpacker.unpack(after: previous, into: record)
    if unsafe record.pointee.marks.contains(.captureCopy) {
      unsafe spare.pointee = unsafe record.pointee
      unsafe previous = UnsafePointer(spare)
      return
    }
    unsafe previous = UnsafePointer(record)
    unsafe unwrapping.put(&slot.pointee)
    transmissions.takeSlot()
  }
}

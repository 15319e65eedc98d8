import FrameStream
import Glibc
import PictureData
import SystemIO

/// A file of one JSON line and named arrays, written as a whole or not at all.
///
///     fm-checkpoint 1
///     {"arrays":[["weights",1175399],…],"state":{…}}
///     (the arrays' values one after the other, 32-bit floats, little-endian)
///     (8 bytes: the checksum of all before)
package struct CheckpointFile {
  /// One JSON value: everything except arrays.
  package var state: JSONValue
  /// The arrays by their names.
  package var arrays: [String: [Float]]

  private static let mark = "fm-checkpoint 1\n"
  /// The largest checkpoint that is read.
  private static let limit = 1 << 33
  private static let headerLimit = 64 << 20

  /// Writes a file that replaces an older one when it is whole and on the disk.
  /// - Throws: ``Failure`` (`inputOutput`) naming the file.
  package static func write(_ path: String, state: JSONWriter, arrays: [(name: String, values: [Float])])
    throws(Failure)
  {
    var header = JSONWriter()
    header.object { object in
      object.key("arrays")
      object.array { list in
        for (name, values) in arrays {
          list.array {
            $0.value(name)
            $0.value(values.count)
          }
        }
      }
      object.field("state", state)
    }
    let text = Array(mark.utf8) + header.bytes + [UInt8(ascii: "\n")]
    let file = try FileReplacement(path: path, over: .regular)
    do throws(Failure) {
      var checksum = Checksum()
      func put(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        checksum.add(bytes)
        try file.descriptor.write(bytes)
      }
      try text.withUnsafeBytesThrowing(put)
      for (_, values) in arrays {
        try values.withUnsafeBytesThrowing(put)
      }
      let sum = withUnsafeBytes(of: checksum.value.littleEndian) { Array($0) }
      try sum.withUnsafeBytesThrowing { (bytes) throws(Failure) in try file.descriptor.write(bytes) }
      try file.commit()
    } catch {
      file.discard()
      throw error.subject.isEmpty ? error.within(path) : error
    }
  }

  /// Reads the file at `path`.
  /// - Throws: ``Failure`` (`badInput`) naming the file if it is damaged or of another kind.
  package init(path: String) throws(Failure) {
    let beginning = WholeFile.Beginning(Self.mark.utf8.count) { (bytes) throws(Failure) in
      guard bytes.elementsEqual(Self.mark.utf8) else { throw Self.refusal("", Self.isNone) }
    }
    let bytes = try WholeFile.read(path, limit: Self.limit, only: .regular, beginning: beginning)
    do throws(Failure) {
      self = try bytes.withUnsafeBytesThrowing { (bytes) throws(Failure) in
        try CheckpointFile(parsing: bytes)
      }
    } catch {
      throw Self.refusal(path, error.cause)
    }
  }

  /// Removes a checkpoint file: the model has been written.
  package static func remove(_ path: String) { unlink(path.fileNameBytes) }

  private static let isNone = "it is not a checkpoint of fm-train, or is of another version"

  private static func refusal(_ path: String, _ cause: String) -> Failure {
    Failure(
      .badInput, step: "reading the checkpoint", subject: path,
      cause: cause + "; remove it, or use --restart to start over")
  }

  init(parsing bytes: UnsafeRawBufferPointer) throws(Failure) {
    func damaged(_ cause: String) -> Failure { Failure(.badInput, step: "", cause: cause) }
    let mark = Array(Self.mark.utf8)
    guard bytes.count > mark.count + 8, bytes.prefix(mark.count).elementsEqual(mark) else {
      throw damaged(Self.isNone)
    }
    let afterMark = UnsafeRawBufferPointer(rebasing: bytes[mark.count...])
    guard let end = afterMark.prefix(Self.headerLimit).firstIndex(of: UInt8(ascii: "\n")) else {
      throw damaged("it is damaged: its header does not end")
    }
    // The header is parsed only to know the portions that the checksum was taken of.
    let header = try? JSONValue(parsing: UnsafeRawBufferPointer(rebasing: afterMark[..<end]))
    guard let header, let state = header["state"], let list = header["arrays"]?.array else {
      throw damaged("it is damaged: its header is not what was written")
    }
    var position = mark.count + end + 1
    var checksum = Checksum()
    checksum.add(UnsafeRawBufferPointer(rebasing: bytes[..<position]))
    var arrays: [String: [Float]] = [:]
    for entry in list {
      guard let pair = entry.array, pair.count == 2, let name = pair[0].string, let count = pair[1].int,
        count >= 0, count <= (bytes.count - 8 - position) / 4
      else { throw damaged("it is damaged or cut short: its arrays do not fit into the file") }
      let region = UnsafeRawBufferPointer(rebasing: bytes[position..<position + count * 4])
      checksum.add(region)
      arrays[name] = [Float](unsafeUninitializedCapacity: count) { buffer, used in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: region)
        used = count
      }
      position += count * 4
    }
    guard position + 8 == bytes.count else { throw damaged("it is damaged: its length is wrong") }
    let sum = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    guard sum == checksum.value else { throw damaged("it is damaged: the checksum does not fit") }
    self.state = state
    self.arrays = arrays
  }
}

extension Failure {
  /// This failure to write a checkpoint, saying whether an older one remains.
  package func afterFailedCheckpoint(_ path: String) -> Failure {
    var failure = self
    failure.cause +=
      FilePath.exists(path)
      ? " (the previous checkpoint is intact: free some space and run the same command again)"
      : " (there is no checkpoint yet)"
    return failure
  }
}

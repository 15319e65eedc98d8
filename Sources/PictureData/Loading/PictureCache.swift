import Glibc
import SystemIO

/// A file of decoded pictures, so that the next run need not decode them.
///
/// A header of ``headerLength`` bytes, then records of one length, a picture each: which file it was made of (a hash
/// of its path, its size, its time of change), a checksum, the pixels. A record is good by its checksum alone, so
/// that a file that was cut off, or damaged, or is being written by another process gives what is whole in it.
/// Records of files that have changed are written over.
///
/// One process at a time writes (`flock`); another one reads what is there meanwhile.
/// Locked by its owner's monitor while threads append.
final class PictureCache {
  /// How pixels are made of a file; a change of that makes all older caches void.
  private static let version: UInt32 = 2
  private static let magic: UInt64 = 0x3153_4349_5046_4D01  // 01 "MFPICS1"
  private static let recordMagic: UInt64 = 0x4552_5554_4349_5002  // 02 "PICTURE"
  static let headerLength = 64
  /// Magic, two hashes of the path, size, time, checksum.
  static let recordHeadLength = 48

  private let path: String
  private let width: Int
  private let height: Int
  private let pixelCount: Int
  private let recordLength: Int
  private let warn: (@Sendable (String) -> Void)?
  /// Nil once the cache is given up.
  private var descriptor: Descriptor?
  private let mayWrite: Bool
  private var recordCount = 0
  /// Records that may be written over, last first.
  private var freeRecords: [Int] = []
  /// What the pictures of the load are known by; nil for a file that is not to be written.
  private var keys: [Key?] = []

  /// What a record was made of.
  private struct Key {
    var first: UInt64
    var second: UInt64
    var byteCount: UInt64
    var modification: UInt64
  }

  /// Opens the file, or makes it.
  /// - Throws: ``Failure``: `inputOutput` if it cannot be opened.
  init(
    path: String, width: Int, height: Int, onWarning: (@Sendable (String) -> Void)?
  ) throws(Failure) {
    self.path = path
    self.width = width
    self.height = height
    pixelCount = width * height
    recordLength = Self.recordHeadLength + (pixelCount + 7) / 8 * 8
    warn = onWarning
    var canWrite = true
    if let status = FileStatus(path: path), !status.isRegularFile {
      throw Failure(.usage, step: "cannot use the cache", subject: path, cause: "it is not a regular file")
    }
    do throws(Failure) {
      descriptor = try Descriptor.openForUpdating(path)
    } catch {
      guard FileStatus(path: path) != nil else { throw error }
      // A cache that may only be read still serves.
      descriptor = try Descriptor.openForReading(path, only: .regular)
      canWrite = false
    }
    mayWrite = canWrite && (descriptor?.lockWithoutWaiting() ?? false)
    if canWrite, !mayWrite {
      onWarning?("\(path): another process writes this cache; it is read, and not added to")
    }
    open()
  }

  deinit { finish() }

  /// Ends writing and lets other processes write.
  func finish() {
    descriptor?.close()
    descriptor = nil
  }

  /// Checks the header, and rebuilds the cache if it is not one for this size.
  private func open() {
    guard let descriptor else { return }
    let length = descriptor.fileLength
    do throws(Failure) {
      if length == 0 {
        try rebuild()
        return
      }
      var found = [UInt8](repeating: 0, count: Self.headerLength + 8)
      let count = try read(at: 0, into: &found)
      let header = header()
      if count >= Self.headerLength, found[..<Self.headerLength] == header[...] {
        let rest = length - Self.headerLength
        recordCount = rest / recordLength
        return
      }
      let isCache =
        found[..<8].elementsEqual(header[..<8])
        || found[Self.headerLength...].elementsEqual(PictureChecksum.bytes(of: Self.recordMagic))
      guard isCache else {
        warn?("\(path): this is not a picture cache; it is left unchanged, and no cache is used")
        finish()
        return
      }
      let isSound =
        count >= Self.headerLength
        && PictureChecksum.checksum(found[..<(Self.headerLength - 8)])
          .elementsEqual(found[(Self.headerLength - 8)..<Self.headerLength])
      warn?(
        "\(path): "
          + (isSound ? "the cache is for pictures of another size or version" : "the cache is damaged")
          + (mayWrite ? "; it is rebuilt" : "; it is not used"))
      try rebuild()
    } catch {
      giveUp(error)
    }
  }

  private func rebuild() throws(Failure) {
    guard mayWrite, let descriptor else {
      finish()
      return
    }
    try descriptor.setFileLength(0)
    recordCount = 0
    let header = header()
    try write(header, at: 0)
  }

  private func giveUp(_ failure: Failure) {
    warn?("\(path): \(failure); loading continues without the cache")
    finish()
  }

  private func header() -> [UInt8] {
    var header = PictureChecksum.bytes(of: Self.magic)
    for value in [Self.version, UInt32(width), UInt32(height), 1, UInt32(recordLength)] {
      withUnsafeBytes(of: value.littleEndian) { header.append(contentsOf: $0) }
    }
    header.append(contentsOf: [UInt8](repeating: 0, count: Self.headerLength - 8 - header.count))
    return header + PictureChecksum.checksum(header[...])
  }

  // MARK: Reading

  /// Copies the pictures that are in the cache to their indices in the load.
  /// - Parameter paths: the files, in the order of the indices.
  /// - Returns: the indices of those that are not.
  func restore(_ paths: [String], into storage: PixelStorage) -> [Int] {
    guard let descriptor else { return Array(paths.indices) }
    var places: [UInt64: Int] = [:]
    places.reserveCapacity(paths.count)
    keys = []
    keys.reserveCapacity(paths.count)
    for (place, path) in paths.enumerated() {
      guard let status = FileStatus(path: path), status.isRegularFile else {
        keys.append(nil)
        continue
      }
      let (first, second) = PictureChecksum.hashes(of: path)
      guard places.updateValue(place, forKey: first) == nil else {
        // The same file a second time.
        keys.append(nil)
        continue
      }
      keys.append(
        Key(
          first: first, second: second, byteCount: UInt64(bitPattern: Int64(status.byteCount)),
          modification: UInt64(bitPattern: Int64(status.modification))))
    }
    var isFound = [Bool](repeating: false, count: paths.count)
    var damaged = 0
    let group = max(1, (4 << 20) / recordLength)
    var block = [UInt8](repeating: 0, count: min(group, max(recordCount, 1)) * recordLength)
    var record = 0
    do throws(Failure) {
      while record < recordCount {
        let wanted = min(group, recordCount - record)
        let got = try block.withUnsafeMutableBufferPointer { bytes throws(Failure) in
          let part = UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(bytes)[..<(wanted * recordLength)])
          return try descriptor.read(at: Self.headerLength + record * recordLength, into: part)
        }
        block.withUnsafeBytes { bytes in
          for number in 0..<(got / recordLength) {
            let start = number * recordLength
            let one = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + recordLength)])
            guard Self.isWhole(one) else {
              damaged += 1
              freeRecords.append(record + number)
              continue
            }
            restore(one, record + number, places, &isFound, storage)
          }
        }
        if got < wanted * recordLength { break }
        record += wanted
      }
    } catch {
      giveUp(error)
    }
    if damaged > 0 {
      warn?("\(path): \(damaged) damaged pictures in the cache; they are read from their files")
    }
    return paths.indices.filter { !isFound[$0] }
  }

  private func restore(
    _ record: UnsafeRawBufferPointer, _ number: Int, _ places: [UInt64: Int], _ isFound: inout [Bool],
    _ storage: PixelStorage
  ) {
    func value(_ index: Int) -> UInt64 { record.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self) }
    guard let place = places[value(1)], let key = keys[place], key.second == value(2) else { return }
    guard !isFound[place], key.byteCount == value(3), key.modification == value(4) else {
      freeRecords.append(number)
      return
    }
    isFound[place] = true
    let pixels = UnsafeRawBufferPointer(rebasing: record[Self.recordHeadLength...].prefix(pixelCount))
    UnsafeMutableRawBufferPointer(rebasing: storage.bytes[(place * pixelCount)...].prefix(pixelCount))
      .copyMemory(from: pixels)
  }

  private static func isWhole(_ record: UnsafeRawBufferPointer) -> Bool {
    record.loadUnaligned(as: UInt64.self) == recordMagic
      && record.loadUnaligned(fromByteOffset: 40, as: UInt64.self)
        == PictureChecksum.checksum(ofRecord: record)
  }

  // MARK: Writing

  /// Adds the pictures at these indices of the load.
  func append(_ decoded: [Int], from storage: PixelStorage) {
    guard mayWrite, descriptor != nil else { return }
    var fresh: [UInt8] = []
    var freshCount = 0
    do throws(Failure) {
      for place in decoded {
        guard let key = keys[place] else { continue }
        let record = makeRecord(key, storage.bytes[(place * pixelCount)...].prefix(pixelCount))
        if let free = freeRecords.popLast() {
          try write(record, at: Self.headerLength + free * recordLength)
        } else {
          fresh += record
          freshCount += 1
        }
      }
      // After the last whole record: what was cut off behind it is written over.
      try write(fresh, at: Self.headerLength + recordCount * recordLength)
      recordCount += freshCount
    } catch {
      // A full disk: what is not whole at the end would only take room.
      try? descriptor?.setFileLength(Self.headerLength + recordCount * recordLength)
      giveUp(error)
    }
  }

  private func makeRecord(_ key: Key, _ pixels: Slice<UnsafeMutableRawBufferPointer>) -> [UInt8] {
    var record = [UInt8](repeating: 0, count: recordLength)
    record.withUnsafeMutableBytes { bytes in
      let values = [Self.recordMagic, key.first, key.second, key.byteCount, key.modification]
      for (index, value) in values.enumerated() {
        bytes.storeBytes(of: value, toByteOffset: 8 * index, as: UInt64.self)
      }
      UnsafeMutableRawBufferPointer(rebasing: bytes[Self.recordHeadLength...])
        .copyMemory(
          from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(pixels.base)[pixels.indices]))
      let checksum = PictureChecksum.checksum(ofRecord: UnsafeRawBufferPointer(bytes))
      bytes.storeBytes(of: checksum, toByteOffset: 40, as: UInt64.self)
    }
    return record
  }

  private func read(at offset: Int, into bytes: inout [UInt8]) throws(Failure) -> Int {
    guard let descriptor else { return 0 }
    return try bytes.withUnsafeMutableBufferPointer { region throws(Failure) in
      try descriptor.read(at: offset, into: UnsafeMutableRawBufferPointer(region))
    }
  }

  private func write(_ bytes: [UInt8], at offset: Int) throws(Failure) {
    guard let descriptor else { return }
    try bytes.withUnsafeBufferPointer { region throws(Failure) in
      try descriptor.write(UnsafeRawBufferPointer(region), at: offset)
    }
  }
}

import CZip
import Glibc
import SystemIO

/// A zip archive in memory, to be read (libzip). Only stored and deflated members, within limits.
final class ZipArchive {
  private let archive: OpaquePointer
  /// libzip reads the archive's bytes in place.
  private let contents: FileContents

  /// - Throws: ``Failure`` (`badInput`) if `contents` are not a zip archive.
  init(_ contents: FileContents) throws(Failure) {
    self.contents = contents
    try Self.checkSignatures(contents)
    var problem = zip_error_t()
    zip_error_init(&problem)
    defer { zip_error_fini(&problem) }
    let source = zip_source_buffer_create(contents.base, UInt64(contents.count), 0, &problem)
    guard let source else { throw Self.failure("archive", &problem) }
    guard let archive = zip_open_from_source(source, Int32(ZIP_RDONLY), &problem) else {
      zip_source_free(source)
      throw Self.failure("archive", &problem)
    }
    self.archive = archive
  }

  deinit { zip_discard(archive) }

  /// libzip reads the whole list of members for every record in which it may end, and takes time with the square of
  /// the members whose names it cannot tell apart by their hashes.
  private static func checkSignatures(_ contents: FileContents) throws(Failure) {
    let (entry, end): ([UInt8], [UInt8]) = ([0x50, 0x4B, 0x01, 0x02], [0x50, 0x4B, 0x05, 0x06])
    guard contents.has(entry, atMost: ModelLimits.members), contents.has(end, atMost: 16) else {
      throw Failure(
        .badInput, step: "reading zip", subject: "archive", cause: "more than \(ModelLimits.members) members")
    }
  }

  private static func failure(_ subject: String, _ problem: UnsafeMutablePointer<zip_error_t>?) -> Failure {
    Failure(
      .badInput, step: "reading zip", subject: subject,
      cause: problem.map { String(cString: zip_error_strerror($0)) } ?? "unknown error")
  }

  /// The names of all members.
  var names: [String] {
    (0..<max(zip_get_num_entries(archive, 0), 0)).compactMap { index in
      zip_get_name(archive, zip_uint64_t(index), 0).map { String(cString: $0) }
    }
  }

  func contains(_ name: String) -> Bool { zip_name_locate(archive, name, 0) >= 0 }

  /// A member's bytes, its checksum checked.
  /// - Parameter limit: The most bytes that it may unpack to.
  /// - Throws: ``Failure`` (`badInput`) naming the member if it is missing, damaged, encrypted or too large.
  func member(_ name: String, limit: Int) throws(Failure) -> FileContents {
    func refuse(_ cause: String) -> Failure {
      Failure(.badInput, step: "reading zip", subject: "member \(name)", cause: cause)
    }
    let index = zip_name_locate(archive, name, 0)
    guard index >= 0 else { throw refuse("missing") }
    var status = zip_stat_t()
    let needed = UInt64(
      ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD)
    guard zip_stat_index(archive, UInt64(index), 0, &status) == 0, status.valid & needed == needed else {
      throw refuse("its size is not stated")
    }
    guard status.encryption_method == 0 else { throw refuse("encrypted") }
    guard Int32(status.comp_method) == ZIP_CM_STORE || Int32(status.comp_method) == ZIP_CM_DEFLATE else {
      throw refuse("compression method \(status.comp_method) is not supported (only deflate)")
    }
    guard status.size <= UInt64(limit) else {
      throw refuse("\(status.size) bytes, more than the limit of \(limit)")
    }
    // Deflate cannot shrink more than about 1,030 times: a larger claim is not true.
    guard status.comp_size <= UInt64(contents.count), status.size / 1100 <= status.comp_size else {
      throw refuse("the archive says that \(status.comp_size) bytes unpack to \(status.size)")
    }
    guard let file = zip_fopen_index(archive, UInt64(index), 0) else {
      throw Self.failure("member \(name)", zip_get_error(archive))
    }
    defer { zip_fclose(file) }
    let result = FileContents(byteCount: Int(status.size))
    var count = 0
    while count < result.count {
      let read = zip_fread(file, result.base + count, UInt64(result.count - count))
      guard read >= 0 else { throw Self.failure("member \(name)", zip_file_get_error(file)) }
      guard read > 0 else { throw refuse("ends after \(count) of \(result.count) bytes") }
      count += Int(read)
    }
    // libzip compares the checksum when it meets the end.
    var extra: UInt8 = 0
    let end = zip_fread(file, &extra, 1)
    guard end == 0 else {
      throw end < 0 ? Self.failure("member \(name)", zip_file_get_error(file)) : refuse("longer than it says")
    }
    return result
  }
}

extension FileContents {
  /// True if `signature` occurs in it at most `limit` times.
  fileprivate func has(_ signature: [UInt8], atMost limit: Int) -> Bool {
    var (position, found) = (0, 0)
    while found <= limit, position < count,
      let first = memchr(base + position, Int32(signature[0]), count - position)
    {
      position = UnsafeRawPointer(first) - UnsafeRawPointer(base) + 1
      let rest = UnsafeRawBufferPointer(start: first, count: min(signature.count, count - position + 1))
      if rest.elementsEqual(signature) { found += 1 }
    }
    return found <= limit
  }
}

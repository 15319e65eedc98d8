import CZip
import NetworkModel
import SystemIO

/// Makes a zip archive in memory (libzip): members stored, not packed, dated 1980, as Keras writes them.
enum ZipWriter {
  /// - Throws: ``Failure`` (`failed`) if libzip refuses, for want of memory.
  static func archive(_ members: [(name: String, contents: FileContents)]) throws(Failure) -> FileContents {
    var problem = zip_error_t()
    zip_error_init(&problem)
    defer { zip_error_fini(&problem) }
    guard let target = zip_source_buffer_create(nil, 0, 0, &problem) else { throw failure(&problem) }
    // One reference for us, one for the archive, which drops its own when it closes.
    zip_source_keep(target)
    defer { zip_source_free(target) }
    guard let archive = zip_open_from_source(target, Int32(ZIP_TRUNCATE), &problem) else {
      zip_source_free(target)
      throw failure(&problem)
    }
    for (name, contents) in members {
      guard
        let source = zip_source_buffer(archive, contents.base, UInt64(contents.count), 0),
        case let index = zip_file_add(archive, name, source, UInt32(ZIP_FL_ENC_UTF_8)), index >= 0,
        zip_set_file_compression(archive, UInt64(index), ZIP_CM_STORE, 0) == 0,
        // Keras dates everything 1980-01-01, the first day that the format knows.
        zip_file_set_dostime(archive, UInt64(index), 0, 0x21, 0) == 0
      else {
        let error = failure(zip_get_error(archive))
        zip_discard(archive)
        throw error
      }
    }
    guard zip_close(archive) == 0 else {
      let error = failure(zip_get_error(archive))
      zip_discard(archive)
      throw error
    }
    return try withExtendedLifetime(members) { () throws(Failure) in try contents(of: target) }
  }

  private static func contents(of source: OpaquePointer) throws(Failure) -> FileContents {
    var status = zip_stat_t()
    guard zip_source_stat(source, &status) == 0, zip_source_open(source) == 0 else {
      throw failure(zip_source_error(source))
    }
    defer { zip_source_close(source) }
    let result = FileContents(byteCount: Int(status.size))
    guard zip_source_read(source, result.base, status.size) == Int64(status.size) else {
      throw failure(zip_source_error(source))
    }
    return result
  }

  private static func failure(_ problem: UnsafeMutablePointer<zip_error_t>?) -> Failure {
    Failure(
      .failed, step: "writing zip",
      cause: problem.map { String(cString: zip_error_strerror($0)) } ?? "no memory")
  }
}

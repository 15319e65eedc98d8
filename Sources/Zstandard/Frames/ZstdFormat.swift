import CZstd
import SystemIO

/// What is common to all data of Zstandard (RFC 8878) here: how it begins, and which library reads it.
package enum ZstdFormat {
  /// The version of libzstd: `1.5.4`.
  package static var libraryVersion: String { String(cString: ZSTD_versionString()) }

  /// The first bytes of a frame, as they are in a file.
  static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
  /// The bytes after the first one of a frame that decoders skip; the first is from 0x50 to 0x5F.
  static let skippableMagic: [UInt8] = [0x2A, 0x4D, 0x18]
  /// How many bytes show what a file is.
  package static let magicLength = 4

  /// Whether data begins with a frame: nil if there are too few bytes to say.
  package static func begins(_ bytes: UnsafeRawBufferPointer) -> Bool? {
    let head = bytes.prefix(magicLength)
    guard let first = head.first else { return nil }
    let rest = head.dropFirst()
    let isFrame = first == magic[0] && rest.elementsEqual(magic[1...].prefix(rest.count))
    let isSkippable = (0x50...0x5F).contains(first) && rest.elementsEqual(skippableMagic.prefix(rest.count))
    guard isFrame || isSkippable else { return false }
    return head.count == magicLength ? true : nil
  }

  /// A function's result as a count.
  /// - Throws: `Failure` (`kind`) with the library's words.
  static func checked(_ result: Int, _ kind: Failure.Kind, _ step: String) throws(Failure) -> Int {
    guard ZSTD_isError(result) != 0 else { return result }
    // Memory that is not there is not the data's fault.
    let isMemory = ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation
    throw Failure(isMemory ? .failed : kind, step: step, cause: String(cString: ZSTD_getErrorName(result)))
  }
}

import Zstandard

/// How a stream is written.
package enum StoredForm: Sendable, Equatable {
  /// As it comes.
  case plain
  /// With an index.
  case indexed
  /// With an index, in zstd frames of whole records with a seek table.
  /// - Parameters:
  ///   - level: zstd's level, from 1 to 19.
  ///   - threads: how many threads compress; their number does not change the bytes.
  case compressed(level: Int, threads: Int)

  /// The end of the name of a file that is compressed.
  package static let compressedSuffix = ".zst"

  /// The version of the library that compresses: `1.5.4`.
  package static var libraryVersion: String { ZstdFormat.libraryVersion }
}

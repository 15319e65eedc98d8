import SystemIO

/// What a file is that was taken for a model, as far as its bytes show, and the way out.
enum ForeignFile {
  /// Why a file that is neither an archive nor HDF5 is no model.
  /// - Parameter bytes: Its beginning.
  static func cause(_ bytes: UnsafeRawBufferPointer) -> String {
    if bytes.isEmpty { return "the file is empty" }
    let start = String(decoding: bytes.prefix(1024), as: UTF8.self)
    if start.hasPrefix("version https://git-lfs.github.com/spec/") {
      return "a pointer of Git LFS, not the model itself: git lfs pull fetches that"
    }
    let text = start.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.prefix(14).lowercased()
    if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") {
      return "an HTML page, not a model: download the file itself (on GitHub its raw form)"
    }
    if bytes.starts(with: [0x1F, 0x8B]) { return "compressed with gzip: uncompress it first" }
    if isONNX(bytes) { return "an ONNX network, not a Keras model: fm-classify and fm-detect run it" }
    if bytes.dropFirst(4).starts(with: "TFL3".utf8) {
      return "a model of TensorFlow Lite, not of Keras"
    }
    return "neither a .keras archive nor an HDF5 file"
  }

  /// True for what begins as an ONNX file does: with the format's version, as every writer puts it, and then one of the
  /// fields that may follow.
  static func isONNX(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count > 3 && bytes[0] == 0x08 && (1...32).contains(bytes[1])
      && [0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42, 0x72].contains(bytes[2])
  }

  /// How an archive is damaged that has no end, where its directory is; nil if it has one.
  static func truncation(ofArchive contents: FileContents) -> String? {
    // The end record: a signature, 18 bytes, and a comment of up to 65,535.
    let hasEnd = contents.withBytes { bytes in
      stride(from: bytes.count - 22, through: max(0, bytes.count - 22 - 65_535), by: -1).contains { start in
        bytes[start] == 0x50 && bytes[start + 1] == 0x4B && bytes[start + 2] == 5 && bytes[start + 3] == 6
      }
    }
    return hasEnd ? nil : "the archive is cut short: it has \(contents.count) bytes and no end"
  }

  /// How much of an HDF5 file is missing, by the length in its first bytes; nil if nothing is.
  static func truncation(ofHDF5 contents: FileContents) -> String? {
    let length: UInt64? = contents.withBytes { bytes in
      // A file may begin with something of its maker's; then the length is elsewhere.
      guard bytes.count > 48, HDF5File.start(of: bytes) == 0 else { return nil }
      // The end-of-file address of a superblock whose addresses have eight bytes.
      let (sizes, offset) = bytes[8] < 2 ? (13, bytes[8] == 0 ? 40 : 44) : (9, 28)
      guard bytes[8] <= 3, bytes[sizes] == 8, bytes.count >= offset + 8 else { return nil }
      return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    guard let length, length < 1 << 60, length > UInt64(contents.count) else { return nil }
    return "the file is cut short: \(contents.count) of \(length) bytes"
  }

  /// Why an archive without a configuration is no model.
  static func cause(ofArchive names: [String]) -> String? {
    if names.contains(where: { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }) {
      return "a model of PyTorch, not of Keras"
    }
    return nil
  }
}

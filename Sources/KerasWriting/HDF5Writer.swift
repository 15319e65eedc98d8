import CHDF5
import NetworkModel
import SystemIO

/// An HDF5 file made in memory (libhdf5's core driver). The same contents give the same bytes: no time stamps.
///
/// To be used inside ``HDF5Library/run(_:)``.
final class HDF5Writer {
  let file: hid_t

  init() throws(Failure) {
    chdf5_quiet()
    let access = H5Pcreate(chdf5_file_access())
    defer { H5Pclose(access) }
    H5Pset_fapl_core(access, 1 << 20, false)
    file = H5Fcreate("model.weights.h5", chdf5_truncate(), 0, access)
    guard file >= 0 else { throw Self.failure("the file") }
  }

  deinit { H5Fclose(file) }

  private static func failure(_ path: String) -> Failure {
    Failure(.failed, step: "writing HDF5", subject: path, cause: "the library refused")
  }

  /// Makes the groups of `path` that are not there yet.
  func group(_ path: String) throws(Failure) {
    let properties = H5Pcreate(chdf5_group_creation())
    defer { H5Pclose(properties) }
    H5Pset_obj_track_times(properties, false)
    var current = ""
    for name in path.split(separator: "/") {
      current += "/" + name
      if H5Lexists(file, current, 0) > 0 { continue }
      let group = H5Gcreate2(file, current, 0, properties, 0)
      guard group >= 0 else { throw Self.failure(path) }
      H5Gclose(group)
    }
  }

  /// Writes a data set of floats; its group must be there.
  func write(_ path: String, _ shape: [Int], _ values: [Float]) throws(Failure) {
    try values.withUnsafeBytesTyped { (bytes) throws(Failure) in
      try write(path, shape, stored: chdf5_ieee_float(), native: chdf5_native_float(), bytes)
    }
  }

  /// Writes a data set of floats of 16 bits, given as such (``Binary16``).
  func write(_ path: String, _ shape: [Int], binary16 values: [UInt16]) throws(Failure) {
    let type = chdf5_ieee_half()
    guard type >= 0 else { throw Self.failure(path) }
    defer { H5Tclose(type) }
    // The library does not convert them: what is in memory is what goes into the file.
    try values.map(\.littleEndian).withUnsafeBytesTyped { (bytes) throws(Failure) in
      try write(path, shape, stored: type, native: type, bytes)
    }
  }

  /// Writes a data set of whole numbers, as 32 or 64 bits.
  func write(_ path: String, _ shape: [Int], _ values: [Int64], isLong: Bool) throws(Failure) {
    let stored = isLong ? chdf5_standard_int64() : chdf5_standard_int32()
    try values.withUnsafeBytesTyped { (bytes) throws(Failure) in
      try write(path, shape, stored: stored, native: chdf5_native_int64(), bytes)
    }
  }

  private func write(
    _ path: String, _ shape: [Int], stored: hid_t, native: hid_t, _ bytes: UnsafeRawBufferPointer
  )
    throws(Failure)
  {
    let sides = shape.map { hsize_t($0) }
    let space = sides.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(sides.count), sides, nil)
    let properties = H5Pcreate(chdf5_dataset_creation())
    H5Pset_obj_track_times(properties, false)
    defer {
      H5Sclose(space)
      H5Pclose(properties)
    }
    let dataset = H5Dcreate2(file, path, stored, space, 0, properties, 0)
    guard dataset >= 0 else { throw Self.failure(path) }
    defer { H5Dclose(dataset) }
    guard bytes.isEmpty || H5Dwrite(dataset, native, 0, 0, 0, bytes.baseAddress) >= 0 else {
      throw Self.failure(path)
    }
  }

  /// The whole file.
  func contents() throws(Failure) -> FileContents {
    guard H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0, case let size = H5Fget_file_image(file, nil, 0), size > 0
    else {
      throw Self.failure("the file")
    }
    let result = FileContents(byteCount: size)
    guard H5Fget_file_image(file, result.base, size) == size else {
      throw Self.failure("the file")
    }
    return result
  }
}

extension Array {
  /// ``withUnsafeBytes(_:)`` for a body that throws a ``Failure``.
  fileprivate func withUnsafeBytesTyped(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Void)
    throws(Failure)
  {
    var failure: Failure?
    withUnsafeBytes { bytes in
      do throws(Failure) { try body(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}

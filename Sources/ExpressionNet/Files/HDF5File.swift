import CHDF5
import Synchronization
import SystemIO

/// An HDF5 file in memory, to be read (libhdf5's core driver). Only hard links are followed, and nothing outside
/// the file is opened: no external links, external storage, virtual data sets or filter plug-ins.
///
/// The library is not safe for threads: every use of a file, from opening to release, is inside
/// ``withLibrary(_:)``.
final class HDF5File {
  private let file: hid_t
  /// The library reads the file's bytes in place.
  private let contents: FileContents
  private static let lock = Mutex<Void>(())

  /// Runs `body` while no other thread uses the library.
  static func withLibrary<Result: Sendable>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    try lock.withLock { (_) throws(Failure) in try body() }
  }

  /// - Throws: ``Failure`` (`badInput`) if `contents` are not an HDF5 file.
  init(_ contents: FileContents) throws(Failure) {
    chdf5_quiet()
    let access = H5Pcreate(chdf5_file_access())
    defer { H5Pclose(access) }
    guard contents.count > 0, chdf5_set_image(access, contents.base, contents.count) >= 0,
      case let file = H5Fopen("model.h5", chdf5_read_only(), access), file >= 0
    else {
      throw Failure(.badInput, step: "reading HDF5", cause: "not an HDF5 file, or a damaged one")
    }
    self.file = file
    self.contents = contents
  }

  deinit { H5Fclose(file) }

  /// What stands at a path.
  enum Kind { case group, dataset, none }

  func kind(_ path: String) throws(Failure) -> Kind {
    guard let object = try open(path) else { return .none }
    defer { H5Oclose(object) }
    return switch H5Iget_type(object) {
    case H5I_GROUP: .group
    case H5I_DATASET: .dataset
    default: .none
    }
  }

  /// Opens the object at `path`, link by link; nil if there is none.
  private func open(_ path: String) throws(Failure) -> hid_t? {
    var current = chdf5_open_object(file, "/")
    guard current >= 0 else { throw failure("/", "cannot be opened") }
    for name in path.split(separator: "/").map(String.init) {
      guard H5Iget_type(current) == H5I_GROUP else {
        H5Oclose(current)
        return nil
      }
      let type = chdf5_link_type(current, name)
      guard type == H5L_TYPE_HARD else {
        H5Oclose(current)
        if type == H5L_TYPE_ERROR { return nil }
        throw failure(path, "\(name) is a soft or external link, which is not followed")
      }
      let next = chdf5_open_object(current, name)
      H5Oclose(current)
      guard next >= 0 else { throw failure(path, "cannot be opened") }
      current = next
    }
    return current
  }

  private func failure(_ path: String, _ cause: String) -> Failure {
    Failure(.badInput, step: "reading HDF5", subject: path, cause: cause)
  }

  /// The names in the group at `path`, in the file's order; empty if there is no such group.
  func names(_ path: String) throws(Failure) -> [String] {
    guard let group = try open(path) else { return [] }
    defer { H5Oclose(group) }
    guard H5Iget_type(group) == H5I_GROUP else { return [] }
    var information = H5G_info_t()
    guard H5Gget_info(group, &information) >= 0 else { throw failure(path, "damaged group") }
    guard information.nlinks <= 1 << 16 else { throw failure(path, "more than 65536 members") }
    var names: [String] = []
    for index in 0..<information.nlinks {
      let length = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, nil, 0, 0)
      guard length >= 0, length < 1 << 16 else { throw failure(path, "damaged group") }
      var buffer = [CChar](repeating: 0, count: length + 1)
      H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, &buffer, buffer.count, 0)
      names.append(String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
    return names
  }

  /// A data set's shape and values, converted to float.
  /// - Parameters:
  ///   - expected: The shape that it must have; nil takes any.
  ///   - limit: The most values that are read.
  /// - Throws: ``Failure`` (`badInput`) naming `path` if it is missing, of another shape, or not of numbers.
  func floats(_ path: String, expected: [Int]? = nil, limit: Int = ModelLimits.parameters) throws(Failure)
    -> (shape: [Int], values: [Float])
  {
    try numbers(path, expected: expected, limit, Float.zero, chdf5_native_float())
  }

  /// A data set as it is: of floats, or of whole numbers.
  func variable(_ path: String, limit: Int) throws(Failure) -> TrainingState.Variable {
    guard let dataset = try open(path) else { throw failure(path, "missing") }
    guard H5Iget_type(dataset) == H5I_DATASET else {
      H5Oclose(dataset)
      throw failure(path, "not a data set")
    }
    let type = H5Dget_type(dataset)
    let isInteger = H5Tget_class(type) == H5T_INTEGER
    let isLong = H5Tget_size(type) > 4
    H5Tclose(type)
    H5Oclose(dataset)
    if isInteger {
      let (shape, values) = try numbers(path, expected: nil, limit, Int64.zero, chdf5_native_int64())
      return .init(shape: shape, values: .integers(values, isLong: isLong))
    }
    let (shape, values) = try floats(path, limit: limit)
    return .init(shape: shape, values: .floats(values))
  }

  private func numbers<Number>(
    _ path: String, expected: [Int]?, _ limit: Int, _: Number, _ native: hid_t
  ) throws(Failure) -> (shape: [Int], values: [Number]) {
    guard let dataset = try open(path) else { throw failure(path, "missing") }
    defer { H5Oclose(dataset) }
    guard H5Iget_type(dataset) == H5I_DATASET else { throw failure(path, "not a data set") }
    let type = H5Dget_type(dataset)
    defer { H5Tclose(type) }
    guard [H5T_FLOAT, H5T_INTEGER].contains(H5Tget_class(type)) else { throw failure(path, "not of numbers") }
    let shape = try shape(of: dataset, path)
    if let expected, shape != expected {
      throw failure(path, "its shape is \(shape), the layer needs \(expected)")
    }
    var count = 1
    for side in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: side)
      guard !overflow, product <= limit else { throw failure(path, "\(shape) is too large") }
      count = product
    }
    try checkStorage(of: dataset, path)
    var status: herr_t = 0
    let values = [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
      adviseLargePages(
        UnsafeMutableRawPointer(buffer.baseAddress), byteCount: count * MemoryLayout<Number>.stride)
      status = count == 0 ? 0 : H5Dread(dataset, native, 0, 0, 0, buffer.baseAddress)
      initialized = count
    }
    guard status >= 0 else { throw failure(path, "damaged data") }
    return (shape, values)
  }

  private func shape(of dataset: hid_t, _ path: String) throws(Failure) -> [Int] {
    let space = H5Dget_space(dataset)
    defer { H5Sclose(space) }
    let rank = H5Sget_simple_extent_ndims(space)
    guard rank >= 0, rank <= 32 else { throw failure(path, "damaged shape") }
    var sides = [hsize_t](repeating: 0, count: Int(rank))
    guard H5Sget_simple_extent_dims(space, &sides, nil) == rank,
      H5Sget_simple_extent_type(space) != H5S_NULL
    else { throw failure(path, "damaged shape") }
    return sides.map { Int(clamping: $0) }
  }

  /// Data lie in the file itself and are packed by nothing but the library's own filters.
  private func checkStorage(of dataset: hid_t, _ path: String) throws(Failure) {
    let properties = H5Dget_create_plist(dataset)
    defer { H5Pclose(properties) }
    guard H5Pget_external_count(properties) == 0 else { throw failure(path, "its data lie in another file") }
    let layout = H5Pget_layout(properties)
    guard [H5D_COMPACT, H5D_CONTIGUOUS, H5D_CHUNKED].contains(layout) else {
      throw failure(path, "its storage layout is not supported")
    }
    guard layout == H5D_CHUNKED else { return }
    for index in 0..<max(H5Pget_nfilters(properties), 0) {
      var flags: UInt32 = 0
      var parameters = 0
      var configuration: UInt32 = 0
      let filter = H5Pget_filter2(properties, UInt32(index), &flags, &parameters, nil, 0, nil, &configuration)
      // Deflate, shuffle, Fletcher-32.
      guard (1...3).contains(filter) else { throw failure(path, "filter \(filter) is not supported") }
    }
  }

  /// A text attribute of the object at `path`; nil if there is none.
  func string(_ path: String, attribute: String) throws(Failure) -> String? {
    try strings(path, attribute: attribute)?.first
  }

  /// A text attribute, one element or many; nil if there is none. An array of no strings is empty.
  func strings(_ path: String, attribute name: String) throws(Failure) -> [String]? {
    guard let object = try open(path) else { return nil }
    defer { H5Oclose(object) }
    guard H5Aexists(object, name) > 0 else { return nil }
    let attribute = H5Aopen(object, name, 0)
    guard attribute >= 0 else { throw failure(path, "attribute \(name) is damaged") }
    defer { H5Aclose(attribute) }
    let type = H5Aget_type(attribute)
    let space = H5Aget_space(attribute)
    defer {
      H5Tclose(type)
      H5Sclose(space)
    }
    let count = Int(clamping: H5Sget_simple_extent_npoints(space))
    if count == 0 { return [] }
    let size = H5Tget_size(type)
    guard H5Tget_class(type) == H5T_STRING, count > 0, count <= 1 << 14, size > 0, size <= 1 << 24,
      count * size <= 1 << 26
    else { throw failure(path, "attribute \(name) is not text, or too large") }

    if H5Tis_variable_str(type) > 0 {
      var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
      guard H5Aread(attribute, type, &pointers) >= 0 else {
        throw failure(path, "attribute \(name) is damaged")
      }
      let strings = pointers.map { $0.map { String(cString: $0) } ?? "" }
      chdf5_reclaim(type, space, &pointers)
      return strings
    }
    var bytes = [UInt8](repeating: 0, count: count * size)
    guard H5Aread(attribute, type, &bytes) >= 0 else { throw failure(path, "attribute \(name) is damaged") }
    return (0..<count).map { index in
      String(decoding: bytes[(index * size)..<((index + 1) * size)].prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

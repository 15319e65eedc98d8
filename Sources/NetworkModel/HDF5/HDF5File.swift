import SystemIO

/// An HDF5 file in memory, to be read: the part of the format that h5py uses for Keras's files.
///
/// That is: old-style groups (symbol tables) and compact new-style ones, data sets in one piece or in chunks, plain or
/// compressed with gzip, numbers and text. It is our own reader because libhdf5's ends the
/// process on damaged files; here every number is checked before it is used. Only hard links are followed, so that
/// nothing outside the file is opened. After the HDF5 File Format Specification, version 3.
struct HDF5File {
  private let bytes: HDF5Bytes
  private let root: Int
  private let known = KnownGroups()

  /// Links of the groups that were looked into, by the group's address and their names: every weight's path leads
  /// through the same ones.
  private final class KnownGroups {
    var links: [Int: [String: HDF5Link]] = [:]
  }

  /// - Throws: ``Failure`` (`badInput`) if `contents` are not an HDF5 file.
  init(_ contents: FileContents) throws(Failure) {
    let what = "superblock"
    guard let start = Self.start(of: contents) else {
      throw Failure(.badInput, step: "reading HDF5", cause: "not an HDF5 file")
    }
    // Addresses count from the beginning of the format's own part.
    let whole = start == 0 ? contents : contents.suffix(from: start)
    bytes = HDF5Bytes(contents: whole)
    let version = try bytes.byte(8, what)
    let isOld = version < 2
    let sizes = (try bytes.byte(isOld ? 13 : 9, what), try bytes.byte(isOld ? 14 : 10, what))
    guard version <= 3, sizes == (8, 8) else {
      throw Failure(
        .badInput, step: "reading HDF5", cause: "version \(version) of the format is not supported")
    }
    // Version 1 has four bytes more before the addresses; the root's symbol table entry follows those.
    let address = isOld ? 24 + (version == 1 ? 4 : 0) + 32 + 8 : 36
    guard try bytes.number(isOld ? 24 + (version == 1 ? 4 : 0) : 12, 8, what) == UInt64(start),
      let root = try bytes.address(address, what)
    else { throw HDF5Bytes.damaged(what) }
    self.root = root
  }

  /// Where the format's own part begins: at once, or after a block of the user's of 512 bytes, 1024, and so on; nil if
  /// nowhere.
  static func start(of contents: FileContents) -> Int? { contents.withBytes { start(of: $0) } }

  /// The same of a file's bytes, or of the first of them.
  static func start(of bytes: UnsafeRawBufferPointer) -> Int? {
    let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    var place = 0
    while place + signature.count <= bytes.count {
      if bytes[place..<(place + signature.count)].elementsEqual(signature) { return place }
      place = place == 0 ? 512 : place * 2
    }
    return nil
  }

  /// What a path leads to.
  enum Kind { case group, dataset, none }

  func kind(_ path: String) throws(Failure) -> Kind {
    guard let object = try object(path) else { return .none }
    return kind(object)
  }

  private func kind(_ object: HDF5Object) -> Kind {
    if object.first(HDF5Object.layout) != nil { return .dataset }
    let isGroup = [HDF5Object.symbolTable, HDF5Object.linkInfo, HDF5Object.link].contains {
      object.first($0) != nil
    }
    return isGroup ? .group : .none
  }

  private func failure(_ path: String, _ cause: String) -> Failure {
    Failure(.badInput, step: "reading HDF5", subject: path, cause: cause)
  }

  /// The object at `path`, link by link; nil if there is none.
  private func object(_ path: String) throws(Failure) -> HDF5Object? {
    try bytes.budget.spend(path.utf8.count)
    var address = root
    for name in path.split(separator: "/") {
      guard let found = try links(address)[String(name)] else { return nil }
      guard let next = found.address else {
        throw failure(path, "\(name) is a soft or external link, which is not followed")
      }
      address = next
    }
    return try HDF5Object(bytes, at: address)
  }

  private func links(_ group: Int) throws(Failure) -> [String: HDF5Link] {
    if let links = known.links[group] { return links }
    let list = try HDF5Group.links(bytes, HDF5Object(bytes, at: group))
    let links = Dictionary(list.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    known.links[group] = links
    return links
  }

  /// The names in the group at `path`, sorted; empty if there is no such group.
  func names(_ path: String) throws(Failure) -> [String] {
    guard let object = try object(path), kind(object) == .group else { return [] }
    return try HDF5Group.links(bytes, object).map(\.name).sorted()
  }
}

// MARK: - Data sets

extension HDF5File {
  /// A data set's shape and values, converted to float.
  /// - Parameters:
  ///   - expected: The shape that it must have; nil takes any.
  ///   - limit: The most values that are read.
  /// - Throws: ``Failure`` (`badInput`) naming `path` if it is missing, of another shape, or not of numbers.
  func floats(_ path: String, expected: [Int]? = nil, limit: Int = ModelLimits.parameters) throws(Failure)
    -> (shape: [Int], values: [Float])
  {
    let data = try dataset(path, expected, limit)
    return (data.shape, data.floats())
  }

  /// A data set as it is: of floats, or of whole numbers.
  func variable(_ path: String, limit: Int) throws(Failure) -> TrainingState.Variable {
    let data = try dataset(path, nil, limit)
    guard case .integer = data.type.kind else {
      return .init(shape: data.shape, values: .floats(data.floats()))
    }
    return .init(shape: data.shape, values: .integers(data.integers(), isLong: data.type.size > 4))
  }

  /// How values at `path` are stored.
  /// - Throws: ``Failure`` (`badInput`) as ``floats(_:expected:limit:)``.
  func type(of path: String) throws(Failure) -> HDF5Type {
    try dataset(path, nil, ModelLimits.parameters).type
  }

  private func dataset(_ path: String, _ expected: [Int]?, _ limit: Int) throws(Failure) -> HDF5Data {
    guard let object = try object(path) else { throw failure(path, "missing") }
    guard kind(object) == .dataset else { throw failure(path, "not a data set") }
    do throws(Failure) {
      let isBFloat16 = try strings(path, attribute: "dtype") == ["bfloat16"]
      return try HDF5Data(bytes, object, expected: expected, limit: limit, isBFloat16: isBFloat16)
    } catch {
      throw error.within(path)
    }
  }
}

// MARK: - Attributes

extension HDF5File {
  /// A text attribute of the object at `path`; nil if there is none.
  func string(_ path: String, attribute: String) throws(Failure) -> String? {
    try strings(path, attribute: attribute)?.first
  }

  /// A list of names, which Keras cuts into the attributes NAME0, NAME1… if it is long; empty if there is none.
  func list(_ path: String, attribute name: String) throws(Failure) -> [String] {
    if let list = try strings(path, attribute: name) { return list }
    guard let object = try object(path) else { return [] }
    var attributes: [String: HDF5Attribute] = [:]
    for message in object.messages where message.type == HDF5Object.attribute {
      let attribute = try HDF5Attribute(bytes, message)
      if attributes[attribute.name] == nil { attributes[attribute.name] = attribute }
    }
    var result: [String] = []
    var part = 0
    while let attribute = attributes["\(name)\(part)"] {
      result += try strings(of: attribute, path)
      part += 1
    }
    return result
  }

  private func strings(of attribute: HDF5Attribute, _ path: String) throws(Failure) -> [String] {
    do throws(Failure) {
      return try attribute.strings(bytes)
    } catch {
      throw error.within("\(path): attribute \(attribute.name)")
    }
  }

  /// A text attribute, one element or many; nil if there is none. An array of no strings is empty.
  func strings(_ path: String, attribute name: String) throws(Failure) -> [String]? {
    guard let object = try object(path) else { return nil }
    for message in object.messages where message.type == HDF5Object.attribute {
      let attribute = try HDF5Attribute(bytes, message)
      if attribute.name == name { return try strings(of: attribute, path) }
    }
    if let information = object.first(HDF5Object.attributeInfo) {
      // Many attributes lie elsewhere, in a form that h5py does not write unless asked to.
      let flags = try bytes.byte(information.offset + 1, "attributes")
      guard try bytes.address(information.offset + 2 + (flags & 1 != 0 ? 2 : 0), "attributes") == nil else {
        throw failure(path, "attributes in dense storage are not supported")
      }
    }
    return nil
  }
}

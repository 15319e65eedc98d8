import SystemIO

/// A tensor as a file holds it (`TensorProto`): its shape and type, and where its values lie. They are read when asked for.
struct ONNXTensorData {
  /// ONNX's names of element types by their numbers in files.
  static let typeNames = [
    "UNDEFINED", "FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32", "INT64", "STRING", "BOOL", "FLOAT16",
    "DOUBLE",
    "UINT32", "UINT64", "COMPLEX64", "COMPLEX128", "BFLOAT16",
  ]

  /// The name of an element type, for messages.
  static func typeName(_ type: Int) -> String {
    typeNames.indices.contains(type) ? typeNames[type] : "number \(type)"
  }

  private(set) var name = ""
  private(set) var shape: [Int] = []
  private(set) var type = 0
  private let contents: FileContents
  private var raw: Range<Int>?
  /// Fields of numbers: `float_data`, `int32_data`, `int64_data`, `double_data`, `uint64_data`.
  private var fields: [ProtobufReader.Field] = []
  private var external: [String: String] = [:]
  /// True if its values lie in another file.
  private(set) var isExternal = false

  /// Reads the message at `range`.
  /// - Throws: ``Failure`` (`badInput`) if it is damaged, or larger than the limits.
  init(_ contents: FileContents, _ range: Range<Int>) throws(Failure) {
    self.contents = contents
    var reader = ProtobufReader(contents, range)
    while let field = try reader.next() {
      switch field.number {
      case 1:
        do throws(Failure) { try field.append(to: &shape, contents, most: ONNXCall.mostAxes) } catch {
          guard shape.count == ONNXCall.mostAxes else { throw error }
          throw ProtobufReader.damaged("a tensor of more than \(ONNXCall.mostAxes) axes")
        }
      case 2: type = try field.integer
      case 4, 5, 7, 10, 11: fields.append(field)
      case 8: name = try field.text(contents)
      case 9: raw = try field.range
      case 13: try readExternal(field.range)
      case 14: isExternal = try field.integer == 1
      default: break
      }
    }
  }

  private mutating func readExternal(_ range: Range<Int>) throws(Failure) {
    var reader = ProtobufReader(contents, range)
    var (key, value) = ("", "")
    while let field = try reader.next() {
      if field.number == 1 { key = try field.text(contents) }
      if field.number == 2 { value = try field.text(contents) }
    }
    guard external.count < 16 else { throw ProtobufReader.damaged("a tensor of more than 16 notes") }
    external[key] = value
  }

  /// How many values its shape has.
  private func count() throws(Failure) -> Int {
    guard let count = ONNXTensor.count(shape, most: ModelLimits.parameters) else {
      throw refusal("its shape \(shape) has a negative side, or more than \(ModelLimits.parameters) values")
    }
    return count
  }

  private func refusal(_ cause: String) -> Failure {
    Failure(.badInput, step: "reading ONNX", subject: name.isEmpty ? "" : "tensor \(name)", cause: cause)
  }

  /// Reads the values.
  /// - Parameter files: Where values lie that are not in the file itself.
  /// - Throws: ``Failure`` (`badInput`) if there are not as many as the shape has, or of a type without numbers.
  func values(_ files: ONNXExternalData) throws(Failure) -> ONNXTensor {
    let count = try count()
    guard let format = Format(rawValue: type) else {
      throw refusal("its elements are of the type \(Self.typeName(type)), not supported")
    }
    do throws(Failure) { try files.charge(count, isFloat: format.isFloat) } catch {
      throw refusal(error.cause)
    }
    if isExternal {
      do throws(Failure) {
        let (contents, range) = try files.part(external, byteCount: count * format.byteCount)
        return try values(format, count, contents, range)
      } catch {
        throw error.within("tensor \(name)")
      }
    }
    if let raw { return try values(format, count, contents, raw) }
    var (floats, integers): ([Float], [Int]) = ([], [])
    for field in fields {
      switch field.number {
      case 4: try field.append(to: &floats, contents, most: count)
      case 10: try field.append(toDoubles: &floats, contents, most: count)
      default: try field.append(to: &integers, contents, most: count)
      }
    }
    switch format {
    case .float16: floats = integers.map { Binary16.float(UInt16(truncatingIfNeeded: $0)) }
    case .bfloat16:
      floats = integers.map { Float(bitPattern: UInt32(UInt16(truncatingIfNeeded: $0)) << 16) }
    default: break
    }
    let found = format.isFloat ? floats.count : integers.count
    guard found == count else { throw refusal("\(found) values for the shape \(shape)") }
    return format.isFloat ? ONNXTensor(shape, floats) : ONNXTensor(shape, integers: integers)
  }

  private func values(
    _ format: Format, _ count: Int, _ contents: FileContents, _ range: Range<Int>
  ) throws(Failure) -> ONNXTensor {
    guard range.count == count * format.byteCount else {
      throw refusal("\(range.count) bytes for \(count) values of \(format.byteCount) bytes")
    }
    let base = contents.base + range.lowerBound
    func load<Bits: FixedWidthInteger>(_ bits: Bits.Type, _ index: Int) -> Bits {
      Bits(littleEndian: base.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self))
    }
    func floats(_ value: (Int) -> Float) -> ONNXTensor {
      ONNXTensor(
        shape,
        [Float](unsafeUninitializedCapacity: count) { result, filled in
          for index in 0..<count { result.initializeElement(at: index, to: value(index)) }
          filled = count
        })
    }
    func integers<Bits: FixedWidthInteger>(_ bits: Bits.Type) -> ONNXTensor {
      ONNXTensor(shape, integers: (0..<count).map { Int(truncatingIfNeeded: load(bits, $0)) })
    }
    defer { withExtendedLifetime(contents) {} }
    switch format {
    case .float: return floats { Float(bitPattern: load(UInt32.self, $0)) }
    case .double: return floats { Float(Double(bitPattern: load(UInt64.self, $0))) }
    case .float16: return floats { Binary16.float(load(UInt16.self, $0)) }
    case .bfloat16: return floats { Float(bitPattern: UInt32(load(UInt16.self, $0)) << 16) }
    case .int8: return integers(Int8.self)
    case .uint8, .bool: return integers(UInt8.self)
    case .int16: return integers(Int16.self)
    case .uint16: return integers(UInt16.self)
    case .int32: return integers(Int32.self)
    case .uint32: return integers(UInt32.self)
    case .int64, .uint64: return integers(Int64.self)
    }
  }

  /// The element types that are read, by their numbers in files.
  private enum Format: Int {
    case float = 1
    case uint8, int8, uint16, int16, int32, int64
    case bool = 9
    case float16, double, uint32, uint64
    case bfloat16 = 16

    var byteCount: Int {
      switch self {
      case .uint8, .int8, .bool: 1
      case .uint16, .int16, .float16, .bfloat16: 2
      case .float, .int32, .uint32: 4
      case .int64, .uint64, .double: 8
      }
    }

    var isFloat: Bool {
      switch self {
      case .float, .float16, .bfloat16, .double: true
      default: false
      }
    }
  }
}

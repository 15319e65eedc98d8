import COneDNN
import SystemIO

/// The type of a tensor's elements.
enum ElementType: Sendable {
  case float32, bfloat16, int8, uint8, int32

  var native: dnnl_data_type_t {
    switch self {
    case .float32: dnnl_f32
    case .bfloat16: dnnl_bf16
    case .int8: dnnl_s8
    case .uint8: dnnl_u8
    case .int32: dnnl_s32
    }
  }

  var byteCount: Int {
    switch self {
    case .float32, .int32: 4
    case .bfloat16: 2
    case .int8, .uint8: 1
    }
  }
}

/// How a tensor's elements lie in memory: shape, type, and strides or one of the library's blocked formats
/// (owner of a oneDNN memory descriptor).
///
/// Dimensions are in oneDNN's order: batch, channels, height, width.
final class TensorLayout {
  let native: OpaquePointer
  let dimensions: [Int]
  let type: ElementType

  private init(native: OpaquePointer, dimensions: [Int], _ type: ElementType) {
    self.native = native
    self.dimensions = dimensions
    self.type = type
  }

  /// A layout with `strides` in elements, or, without them, one that a primitive is to choose.
  convenience init(_ dimensions: [Int], _ type: ElementType = .float32, strides: [Int]?) throws(Failure) {
    var native: OpaquePointer?
    let sizes = dimensions.map(Int64.init)
    let steps = strides?.map(Int64.init)
    try check(
      cdnnl_layout_create(&native, Int32(dimensions.count), sizes, type.native, steps),
      "layout of \(dimensions)")
    guard let native else { throw Failure(.failed, step: "oneDNN", subject: "layout", cause: "none made") }
    self.init(native: native, dimensions: dimensions, type)
  }

  /// Rows of channels: batch, height, width, channels from the slowest to the fastest (Keras's channels_last);
  /// for two dimensions plain rows.
  static func channelsLast(_ dimensions: [Int], _ type: ElementType = .float32) throws(Failure)
    -> TensorLayout
  {
    guard dimensions.count == 4 else { return try plain(dimensions, type) }
    let (channels, height, width) = (dimensions[1], dimensions[2], dimensions[3])
    return try TensorLayout(
      dimensions, type, strides: [height * width * channels, 1, width * channels, channels])
  }

  /// The last dimension fastest.
  static func plain(_ dimensions: [Int], _ type: ElementType = .float32) throws(Failure) -> TensorLayout {
    var strides = [Int](repeating: 1, count: dimensions.count)
    for i in dimensions.indices.dropLast().reversed() { strides[i] = strides[i + 1] * dimensions[i + 1] }
    return try TensorLayout(dimensions, type, strides: strides)
  }

  /// Blocks of 8 or 16 channels, those of a block side by side at each place.
  static func blocked(_ dimensions: [Int], _ type: ElementType, channels: Int) throws(Failure)
    -> TensorLayout
  {
    precondition(dimensions.count == 4)
    var native: OpaquePointer?
    try check(
      cdnnl_layout_create_blocked(&native, dimensions.map(Int64.init), type.native, Int32(channels)),
      "blocks of \(channels) channels")
    guard let native else { throw Failure(.failed, step: "oneDNN", subject: "layout", cause: "none made") }
    return TensorLayout(native: native, dimensions: dimensions, type)
  }

  /// The format that a primitive chooses.
  static func any(_ dimensions: [Int], _ type: ElementType = .float32) throws(Failure) -> TensorLayout {
    try TensorLayout(dimensions, type, strides: nil)
  }

  /// What `primitive` chose for the memory `what`; nil if it has none.
  convenience init?(
    of primitive: OpaquePointer, _ what: dnnl_query_t, dimensions: [Int], _ type: ElementType
  ) {
    guard let native = cdnnl_primitive_layout(primitive, what) else { return nil }
    self.init(native: native, dimensions: dimensions, type)
  }

  /// The box of `dimensions` at `offsets` inside this layout's memory.
  func part(_ dimensions: [Int], at offsets: [Int]) throws(Failure) -> TensorLayout {
    var native: OpaquePointer?
    try check(
      cdnnl_layout_create_part(&native, self.native, dimensions.map(Int64.init), offsets.map(Int64.init)),
      "part of a layout")
    guard let native else { throw Failure(.failed, step: "oneDNN", subject: "layout", cause: "none made") }
    return TensorLayout(native: native, dimensions: dimensions, type)
  }

  deinit { cdnnl_layout_destroy(native) }

  /// Bytes that a tensor of this layout takes.
  var byteCount: Int { cdnnl_layout_size(native) }

  func isEqual(to other: TensorLayout) -> Bool {
    self === other || cdnnl_layout_equal(native, other.native) != 0
  }
}

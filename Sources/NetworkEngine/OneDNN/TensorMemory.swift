import COneDNN
import SystemIO

/// Bytes on a 64-byte boundary.
final class AlignedBuffer {
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  init(byteCount: Int) {
    self.byteCount = max(byteCount, 1)
    base = .allocate(byteCount: self.byteCount, alignment: 64)
    adviseLargePages(base, byteCount: self.byteCount)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: self.byteCount)
  }

  deinit { base.deallocate() }
}

/// A tensor in memory (`dnnl_memory_t`): a layout, and bytes that it owns or that a plan's arena lends it.
final class TensorMemory {
  let native: dnnl_memory_t
  let layout: TensorLayout
  private var own: AlignedBuffer?

  /// A tensor without bytes; ``bind(to:)`` gives it some.
  init(unbound layout: TensorLayout, _ engine: Engine) throws(Failure) {
    var native: dnnl_memory_t?
    try check(cdnnl_memory_create(&native, layout.native, engine.engine, nil), "memory")
    guard let native else { throw Failure(.failed, step: "oneDNN", subject: "memory", cause: "none made") }
    self.native = native
    self.layout = layout
  }

  /// A tensor with bytes of its own, all zero.
  convenience init(_ layout: TensorLayout, _ engine: Engine) throws(Failure) {
    try self.init(unbound: layout, engine)
    let buffer = AlignedBuffer(byteCount: layout.byteCount)
    bind(to: buffer.base)
    own = buffer
  }

  /// A tensor of plain values: floats, or 8-bit integers.
  convenience init<Element: BitwiseCopyable>(_ values: [Element], _ layout: TensorLayout, _ engine: Engine)
    throws(Failure)
  {
    guard layout.byteCount == values.count * MemoryLayout<Element>.stride else {
      throw Failure(.failed, step: "oneDNN", subject: "memory", cause: "layout and values differ in size")
    }
    try self.init(layout, engine)
    values.withUnsafeBytes { bytes in
      if let source = bytes.baseAddress { own?.base.copyMemory(from: source, byteCount: bytes.count) }
    }
  }

  deinit { cdnnl_memory_destroy(native) }

  /// The bytes that this tensor owns; nil if they are lent.
  var bytes: UnsafeMutableRawPointer? { own?.base }

  /// Lets the tensor lie at `base`, which must outlive its use. A setter that cannot fail on a CPU.
  func bind(to base: UnsafeMutableRawPointer) { _ = cdnnl_memory_bind(native, base) }
}

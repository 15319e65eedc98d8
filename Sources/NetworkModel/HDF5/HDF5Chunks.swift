import CZip
import SystemIO

/// A data set in chunks, each of them perhaps compressed (HDF5 File Format Specification, III.A.1, IV.A.2.i, l): what
/// h5py writes when it is asked for compression.
struct HDF5Chunks {
  /// What was done to a chunk before it was stored.
  private enum Filter {
    case deflate
    /// The bytes of all values' first places together, then those of the second…
    case shuffle
    /// Fletcher's checksum of four bytes at the end.
    case checksum
    /// LibLZF, which h5py brings with it.
    case lzf
  }

  /// A chunk's position in the file and in the data set.
  private struct Chunk {
    var address: Int
    var length: Int
    /// Bits of the filters that were left out.
    var skipped: Int
    var offsets: [Int]
  }

  private let shape: [Int]
  private let sides: [Int]
  private let valueSize: Int
  private var filters: [Filter] = []
  private var chunks: [Chunk] = []
  private var mostChunks = 1
  private var nodes = 0

  /// Bytes of one chunk, uncompressed; h5py's own choice is below 1 MiB.
  private static let largest = 256 << 20

  /// - Throws: ``Failure`` (`badInput`) if the chunks are damaged, larger than 256 MiB, or stored otherwise.
  init(
    _ file: HDF5Bytes, _ object: HDF5Object, _ layout: HDF5Object.Message, _ shape: [Int], _ valueSize: Int
  ) throws(Failure) {
    self.shape = shape
    self.valueSize = valueSize
    let what = "data set in chunks"
    let rank = shape.count
    guard rank > 0, !shape.contains(0), try file.byte(layout.offset + 2, what) == rank + 1 else {
      throw HDF5Bytes.damaged(what)
    }
    var sides: [Int] = []
    var bytes = valueSize
    for axis in 0..<rank {
      let side = try file.size(layout.offset + 11 + 4 * axis, 4, what)
      let (product, overflow) = bytes.multipliedReportingOverflow(by: side)
      // Only data sets that can grow have chunks larger than they are, and Keras writes none.
      guard side > 0, side <= shape[axis], !overflow, product <= Self.largest else {
        throw HDF5Bytes.damaged(what)
      }
      bytes = product
      sides.append(side)
      // No product overflows: there are fewer chunks than values, whose number is limited.
      mostChunks *= max(1, (shape[axis] + side - 1) / side)
    }
    self.sides = sides
    guard try file.size(layout.offset + 11 + 4 * rank, 4, what) == valueSize else {
      throw HDF5Bytes.damaged(what)
    }
    if let message = object.first(HDF5Object.filters) { try readFilters(file, message.offset) }
    if let tree = try file.address(layout.offset + 3, what) { try walk(file, tree, depth: 0) }
    guard chunks.count == mostChunks, Set(chunks.map(\.offsets)).count == chunks.count else {
      throw Failure(
        .badInput, step: "reading HDF5", cause: "\(chunks.count) chunks where its shape has \(mostChunks)")
    }
  }

  private mutating func readFilters(_ file: HDF5Bytes, _ start: Int) throws(Failure) {
    let what = "filters"
    let version = try file.byte(start, what)
    let count = try file.byte(start + 1, what)
    guard version == 1 || version == 2, count <= 32 else { throw HDF5Bytes.damaged(what) }
    var offset = start + (version == 1 ? 8 : 2)
    for _ in 0..<count {
      let kind = try file.size(offset, 2, what)
      switch kind {
      case 1: filters.append(.deflate)
      case 2: filters.append(.shuffle)
      case 3: filters.append(.checksum)
      case 32000: filters.append(.lzf)
      default:
        throw Failure(
          .badInput, step: "reading HDF5",
          cause: "compressed by filter \(kind) (only gzip and lzf are supported)")
      }
      // Known filters have no name in version 2.
      let hasName = version == 1 || kind >= 256
      let name = hasName ? try file.size(offset + 2, 2, what) : 0
      offset += hasName ? 4 : 2
      let values = try file.size(offset + 2, 2, what)
      offset += 4 + (version == 1 ? (name + 7) & ~7 : name) + 4 * values
      if version == 1, values % 2 == 1 { offset += 4 }
    }
  }

  /// A node of the tree over the chunks.
  private mutating func walk(_ file: HDF5Bytes, _ node: Int, depth: Int) throws(Failure) {
    let what = "tree of chunks"
    try file.expect("TREE", at: node, what)
    nodes += 1
    guard depth < 16, nodes <= 1 << 16, try file.byte(node + 4, what) == 1 else {
      throw HDF5Bytes.damaged(what)
    }
    let level = try file.byte(node + 5, what)
    let rank = shape.count
    let keySize = 8 + 8 * (rank + 1)
    for index in 0..<(try file.size(node + 6, 2, what)) {
      let key = node + 24 + index * (keySize + 8)
      guard let child = try file.address(key + keySize, what) else { throw HDF5Bytes.damaged(what) }
      if level > 0 {
        // Levels decrease from node to node, so that no node leads back to an earlier one.
        guard try file.byte(child + 5, what) == level - 1 else { throw HDF5Bytes.damaged(what) }
        try walk(file, child, depth: depth + 1)
        continue
      }
      var chunk = Chunk(
        address: child, length: try file.size(key, 4, what), skipped: try file.size(key + 4, 4, what),
        offsets: [])
      for axis in 0..<rank {
        let offset = try file.size(key + 8 + 8 * axis, 8, what)
        guard offset < shape[axis], offset % sides[axis] == 0 else { throw HDF5Bytes.damaged(what) }
        chunk.offsets.append(offset)
      }
      try file.check(child, chunk.length, what)
      guard chunks.count < mostChunks else { throw HDF5Bytes.damaged(what) }
      chunks.append(chunk)
    }
  }

  /// All values as if they had been stored in one piece.
  func contents(_ file: HDF5Bytes) throws(Failure) -> FileContents {
    let whole = FileContents(byteCount: shape.reduce(valueSize, *))
    whole.base.initializeMemory(as: UInt8.self, repeating: 0, count: whole.count)
    for chunk in chunks {
      // A row is copied at a time.
      try file.budget.spend(chunk.length + sides.dropLast().reduce(1, *))
      try file.budget.spend(unpacking: sides.reduce(valueSize, *))
      let bytes = try unfiltered(file, chunk)
      copy(bytes, chunk.offsets, into: whole)
    }
    return whole
  }

  /// A chunk's values as they were before the filters.
  private func unfiltered(_ file: HDF5Bytes, _ chunk: Chunk) throws(Failure) -> [UInt8] {
    let size = sides.reduce(valueSize, *)
    let damaged = HDF5Bytes.damaged("chunk")
    var bytes = [UInt8](
      UnsafeRawBufferPointer(start: file.contents.base + chunk.address, count: chunk.length))
    for (index, filter) in filters.enumerated().reversed() where chunk.skipped >> index & 1 == 0 {
      switch filter {
      case .checksum:
        guard bytes.count >= 4 else { throw damaged }
        let stored = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
        bytes.removeLast(4)
        guard stored == Fletcher32.checksum(bytes) else {
          throw Failure(
            .badInput, step: "reading HDF5", cause: "damaged: the checksum of a chunk does not fit its values"
          )
        }
      case .deflate:
        // A checksum may have been added before.
        var result = [UInt8](repeating: 0, count: size + 4)
        var count = uLong(result.count)
        guard uncompress(&result, &count, bytes, uLong(bytes.count)) == Z_OK else { throw damaged }
        bytes = Array(result[..<Int(count)])
      case .lzf:
        guard let result = LZF.unpacked(bytes, limit: size + 4) else { throw damaged }
        bytes = result
      case .shuffle:
        let count = bytes.count / valueSize
        var result = bytes
        for position in 0..<valueSize {
          for value in 0..<count { result[value * valueSize + position] = bytes[position * count + value] }
        }
        bytes = result
      }
    }
    guard bytes.count == size else { throw damaged }
    return bytes
  }

  /// Copies a chunk row by row to its place; what is beyond the data set's edge is left out.
  private func copy(_ bytes: [UInt8], _ offsets: [Int], into whole: FileContents) {
    let last = shape.count - 1
    let row = min(sides[last], shape[last] - offsets[last]) * valueSize
    var position = [Int](repeating: 0, count: last)
    while true {
      var (source, target, isInside) = (0, 0, true)
      for axis in 0..<last {
        source = source * sides[axis] + position[axis]
        target = target * shape[axis] + offsets[axis] + position[axis]
        isInside = isInside && offsets[axis] + position[axis] < shape[axis]
      }
      if isInside {
        source *= sides[last]
        target = target * shape[last] + offsets[last]
        bytes.withUnsafeBytes {
          (whole.base + target * valueSize).copyMemory(
            from: $0.baseAddress! + source * valueSize, byteCount: row)
        }
      }
      guard let axis = (0..<last).last(where: { position[$0] + 1 < sides[$0] }) else { return }
      position[axis] += 1
      for inner in position.indices where inner > axis { position[inner] = 0 }
    }
  }
}

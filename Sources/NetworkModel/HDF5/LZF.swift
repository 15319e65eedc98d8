/// LibLZF's compression, which h5py calls `lzf`: runs of bytes, and repetitions of what came before.
enum LZF {
  /// The bytes that were compressed; nil if they are damaged, or more than `limit`.
  static func unpacked(_ packed: [UInt8], limit: Int) -> [UInt8]? {
    var result: [UInt8] = []
    var position = 0
    func next() -> Int? {
      guard position < packed.count else { return nil }
      defer { position += 1 }
      return Int(packed[position])
    }
    while let control = next() {
      if control < 32 {
        let end = position + control + 1
        guard end <= packed.count, result.count + control < limit else { return nil }
        result += packed[position..<end]
        position = end
        continue
      }
      var length = control >> 5
      if length == 7 {
        guard let more = next() else { return nil }
        length += more
      }
      guard let low = next() else { return nil }
      let start = result.count - ((control & 31) << 8 | low) - 1
      guard start >= 0, result.count + length + 2 <= limit else { return nil }
      // It may reach into what it writes itself.
      for index in start..<(start + length + 2) { result.append(result[index]) }
    }
    return result
  }
}

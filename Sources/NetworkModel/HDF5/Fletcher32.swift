/// The checksum that HDF5 puts behind a chunk (H5checksum.c, `H5_checksum_fletcher32`): Fletcher's, over big-endian
/// words of 16 bits, an odd byte at the end being the upper half of one.
enum Fletcher32 {
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var (low, high): (UInt32, UInt32) = (0, 0)
    /// Not quite modulo 65535, as 65535 stays what it is.
    func fold(_ sum: inout UInt32) { sum = sum & 0xFFFF + sum >> 16 }
    var position = 0
    while position < bytes.count {
      // At most as many words as keep both sums from overflowing.
      let end = min(position + 720, bytes.count)
      while position + 1 < end {
        low += UInt32(bytes[position]) << 8 | UInt32(bytes[position + 1])
        high += low
        position += 2
      }
      if position < end {
        low += UInt32(bytes[position]) << 8
        high += low
        position += 1
      }
      fold(&low)
      fold(&high)
    }
    fold(&low)
    fold(&high)
    return high << 16 | low
  }
}

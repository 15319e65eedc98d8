/// The checksum that HDF5 puts behind a chunk (H5checksum.c, `H5_checksum_fletcher32`): Fletcher's, over big-endian
/// words of 16 bits, an odd byte at the end being the upper half of one.
enum Fletcher32 {
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var (low, high): (UInt32, UInt32) = (0, 0)
    /// Not quite modulo 65535, as 65535 stays what it is.
    func fold(_ sum: inout UInt32) { sum = sum & 0xFFFF + sum >> 16 }
    var place = 0
    while place < bytes.count {
      // So many words at most that neither sum overflows.
      let end = min(place + 720, bytes.count)
      while place + 1 < end {
        low += UInt32(bytes[place]) << 8 | UInt32(bytes[place + 1])
        high += low
        place += 2
      }
      if place < end {
        low += UInt32(bytes[place]) << 8
        high += low
        place += 1
      }
      fold(&low)
      fold(&high)
    }
    fold(&low)
    fold(&high)
    return high << 16 | low
  }
}

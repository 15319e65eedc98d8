extension Unicode.Scalar {
  /// True for what a terminal obeys instead of showing it: control characters, also of eight bits, and those that reverse
  /// the direction of writing.
  package var controlsTerminals: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}

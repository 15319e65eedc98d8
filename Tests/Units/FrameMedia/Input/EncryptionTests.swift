import Foundation
import SystemIO
import Testing

@testable import FrameMedia

/// Video that nobody can decode without a key is called by its name, not damaged.
@Suite(.enabled(if: FFmpegTool.isInstalled))
struct EncryptionTests {
  let folder: Folder
  init() throws { folder = try Folder() }

  /// Packets of one PID, as a broadcaster scrambles them: headers stay plain.
  private func scrambled(_ stream: Data, packetIdentifier: Int) -> Data {
    var bytes = [UInt8](stream)
    for place in stride(from: 0, to: bytes.count - 187, by: 188) {
      let identifier = Int(bytes[place + 1] & 0x1f) << 8 | Int(bytes[place + 2])
      guard identifier == packetIdentifier, bytes[place + 3] & 0x10 != 0 else { continue }
      let adaptation = bytes[place + 3] & 0x20 == 0 ? 0 : 1 + Int(bytes[place + 4])
      bytes[place + 3] |= 0x80
      for index in place + 4 + adaptation..<place + 188 {
        bytes[index] ^= UInt8(truncatingIfNeeded: index * 7 | 1)
      }
    }
    return Data(bytes)
  }

  private func transportStream() throws -> Data {
    let path = try FFmpegTool.makeTestPicture(
      "-map 0 -map 1 -c:v libx264 -pix_fmt yuv420p -c:a mp2", folder["plain.ts"])
    return try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// ffmpeg gives the video PID 0x100 and the sound 0x101.
  @Test func scrambledTransportStreams() throws {
    let plain = try transportStream()
    try scrambled(plain, packetIdentifier: 0x100).write(to: URL(fileURLWithPath: folder["video.ts"]))
    let failure = #expect(throws: Failure.self) { try contents(of: folder["video.ts"]) }
    #expect(
      failure?.kind == .badInput && failure?.cause == "the video is encrypted",
      "\(String(describing: failure))")
    try scrambled(plain, packetIdentifier: 0x101).write(to: URL(fileURLWithPath: folder["sound.ts"]))
    #expect(try contents(of: folder["sound.ts"]).pictures.count == 10)
  }

  @Test(arguments: [188, 192, 204]) func scramblingIsSeenInPacketsOfAnySize(_ size: Int) throws {
    let plain = try transportStream()
    for (bytes, expected) in [(plain, false), (scrambled(plain, packetIdentifier: 0x100), true)] {
      var padded: [UInt8] = [1, 2, 3]
      for place in stride(from: 0, to: bytes.count, by: 188) {
        padded += bytes[place..<place + 188] + [UInt8](repeating: 0, count: size - 188)
      }
      #expect(padded.withUnsafeBytes { isTransportScrambled($0, packetIdentifier: 0x100) } == expected)
      #expect(!padded.withUnsafeBytes { isTransportScrambled($0, packetIdentifier: 0x101) })
    }
    // Two places are not enough: a packet and the beginning of the next.
    let scrambledPacket = [0x47, 0x01, 0x00, 0x90] + [UInt8](repeating: 0, count: size - 4)
    for (count, expected) in [(2, false), (3, true)] {
      let packets = (0..<count).flatMap { _ in scrambledPacket }
      #expect(packets.withUnsafeBytes { isTransportScrambled($0, packetIdentifier: 0x100) } == expected)
    }
    for count in 0..<5 {
      let few = [UInt8](repeating: 0x47, count: count)
      #expect(!few.withUnsafeBytes { isTransportScrambled($0, packetIdentifier: 0x100) })
    }
  }

  /// An EBML element with its length in eight bytes.
  private func element(_ identifier: [UInt8], _ content: [UInt8]) -> [UInt8] {
    identifier + [1] + (0..<7).map { UInt8(truncatingIfNeeded: content.count >> ((6 - $0) * 8)) } + content
  }

  /// A WebM of one track and one block that is no VP8; with a ContentEncoding of AES and a key's name or without.
  private func webM(isEncrypted: Bool) -> Data {
    let key = element([0x47, 0xe1], [5]) + element([0x47, 0xe2], Array("0123456789abcdef".utf8))
    let encoding =
      element([0x50, 0x31], [0]) + element([0x50, 0x32], [1]) + element([0x50, 0x33], [1])
      + element([0x50, 0x35], key)
    let track =
      element([0xd7], [1]) + element([0x73, 0xc5], [1]) + element([0x83], [1])
      + element([0x86], Array("V_VP8".utf8)) + element([0xe0], element([0xb0], [64]) + element([0xba], [48]))
      + (isEncrypted ? element([0x6d, 0x80], element([0x62, 0x40], encoding)) : [])
    let block: [UInt8] = [0x81, 0, 0, 0x80] + (0..<200).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
    let segment =
      element([0x15, 0x49, 0xa9, 0x66], element([0x2a, 0xd7, 0xb1], [0x0f, 0x42, 0x40]))
      + element([0x16, 0x54, 0xae, 0x6b], element([0xae], track))
      + element([0x1f, 0x43, 0xb6, 0x75], element([0xe7], [0]) + element([0xa3], block))
    return Data(
      element([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], Array("webm".utf8)))
        + element([0x18, 0x53, 0x80, 0x67], segment))
  }

  @Test(arguments: [true, false]) func encryptedWebM(_ isEncrypted: Bool) throws {
    try webM(isEncrypted: isEncrypted).write(to: URL(fileURLWithPath: folder["a.webm"]))
    let failure = #expect(throws: Failure.self) { try contents(of: folder["a.webm"]) }
    #expect(failure?.kind == .badInput)
    #expect(
      isEncrypted
        ? failure?.cause == "the video is encrypted"
        : failure?.cause.contains("no picture could be decoded") == true, "\(String(describing: failure))")
  }
}

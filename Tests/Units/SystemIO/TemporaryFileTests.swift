import Foundation
import SystemIO
import Testing

struct TemporaryFileTests {
  @Test func keepsWhatIsWrittenAndHasNoName() throws {
    let before = try FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory()).filter {
      $0.hasPrefix("fm.")
    }
    let file = try TemporaryFile()
    defer { file.close() }
    try Array(0..<100 as Range<UInt8>).withUnsafeBytesThrowing { (bytes) throws(Failure) in
      try file.descriptor.write(bytes)
    }
    #expect(try file.bytes(at: 10, count: 5) == [10, 11, 12, 13, 14])
    #expect(throws: Failure.self) { try file.bytes(at: 90, count: 11) }
    let after = try FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory()).filter {
      $0.hasPrefix("fm.")
    }
    #expect(Set(after).subtracting(before).isEmpty)
  }
}

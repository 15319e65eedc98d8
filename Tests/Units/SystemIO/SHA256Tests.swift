import SystemIO
import Testing

/// The digests of FIPS 180-4's examples, and of messages whose padding just fits, or needs one block more.
struct SHA256Tests {
  @Test func knownDigests() {
    let messages: [([UInt8], String)] = [
      ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      (Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        [UInt8](repeating: UInt8(ascii: "a"), count: 55),
        "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"
      ),
      (
        [UInt8](repeating: UInt8(ascii: "a"), count: 64),
        "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"
      ),
    ]
    for (message, digest) in messages {
      #expect(message.withUnsafeBytes { SHA256.hexadecimal($0) } == digest, "\(message.count) bytes")
    }
  }
}

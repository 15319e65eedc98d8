import FrameStream
import Testing

@Suite struct LastPictureTests {
  @Test func equalPicturesAreTheSame() {
    let last = LastPicture()
    let shape = LastPicture.Shape(width: 3, height: 2, format: .gray, range: .pc)
    func equals(_ bytes: [UInt8], _ shape: LastPicture.Shape) -> Bool {
      bytes.withUnsafeBytes { last.equals($0, shape) }
    }
    let bytes: [UInt8] = [1, 2, 3, 4, 5, 6]
    #expect(!equals(bytes, shape))
    bytes.withUnsafeBytes { last.remember($0, shape) }
    #expect(equals(bytes, shape))
    #expect(!equals([1, 2, 3, 4, 5, 7], shape), "the last byte")
    #expect(!equals([1, 2, 3, 4, 5], shape))
    for change: (inout LastPicture.Shape) -> Void in [
      { ($0.width, $0.height) = (2, 3) }, { $0.format = .nv12 }, { $0.range = .tv },
    ] {
      var other = shape
      change(&other)
      #expect(!equals(bytes, other), "\(other)")
    }
    last.forget()
    #expect(!equals(bytes, shape))
  }
}

import FrameStream

/// A gray picture in memory.
public struct Picture: Sendable {
  public var width: Int
  public var height: Int
  public var bytes: [UInt8]

  public init(width: Int, height: Int, bytes: [UInt8]) {
    precondition(bytes.count == width * height)
    self.width = width
    self.height = height
    self.bytes = bytes
  }

  /// What ``FrameStream/GrayPicture`` makes of red, green and blue bytes in a frame; nil if it makes nothing.
  public init?(colors: [UInt8], width: Int, height: Int) throws {
    let header = #"{"fm":1,"type":"stream","source":"test"}"#
    let line =
      #"{"type":"frame","seq":0,"pts":0,"time":0,"width":\#(width),"height":\#(height),"#
      + #""pixel_format":"rgb24","bytes":\#(colors.count)}"#
    let bytes = Array("\(header)\n\(line)\n".utf8) + colors + [0x0A]
    let frame = Record()
    var parser = StreamParser()
    try bytes.withUnsafeBytes { bytes in
      let taken = try parser.take(bytes, into: frame)
      _ = try parser.take(UnsafeRawBufferPointer(rebasing: bytes[taken.used...]), into: frame)
    }
    let gray = GrayPicture()
    guard let plane = gray.plane(of: frame) else { return nil }
    self = withExtendedLifetime((gray, frame)) {
      Picture(
        width: plane.width, height: plane.height, bytes: (0..<plane.height).flatMap { Array(plane.row($0)) })
    }
  }

  /// Inlinable, so that no test counts what a call of unknown types would allocate.
  @inlinable public func withPlane<T>(_ body: (PlaneView) throws -> T) rethrows -> T {
    try bytes.withUnsafeBufferPointer {
      try body(PlaneView($0.baseAddress!, width: width, height: height, stride: width))
    }
  }
}

import Foundation
import FrameStream
import Testing

@testable import FrameMedia

struct OrientationTests {
  /// Where the eight EXIF orientations put the picture `1 2 3 / 4 5 6`, from the standard's definition of which
  /// side of the scene row 0 and column 0 are.
  static let expected: [(Int, Int, [UInt8])] = [
    (1, 3, [1, 2, 3, 4, 5, 6]), (2, 3, [3, 2, 1, 6, 5, 4]), (3, 3, [6, 5, 4, 3, 2, 1]),
    (4, 3, [4, 5, 6, 1, 2, 3]), (5, 2, [1, 4, 2, 5, 3, 6]), (6, 2, [4, 1, 5, 2, 6, 3]),
    (7, 2, [6, 3, 5, 2, 4, 1]), (8, 2, [3, 6, 2, 5, 1, 4]),
  ]

  @Test(arguments: expected, [1, 2, 3])
  func turnsAsExifSays(_ exif: (number: Int, width: Int, samples: [UInt8]), sampleSize: Int) throws {
    let orientation = try #require(Orientation(exif: exif.number))
    func widen(_ samples: [UInt8]) -> [UInt8] {
      samples.flatMap { sample in (0..<sampleSize).map { sample * 10 + UInt8($0) } }
    }
    let source = widen([1, 2, 3, 4, 5, 6])
    var target = [UInt8](repeating: 0, count: source.count)
    let height = 6 / exif.width
    source.withUnsafeBufferPointer { from in
      target.withUnsafeMutableBufferPointer { into in
        orientation.apply(
          to: PlaneView(from.baseAddress!, width: 3 * sampleSize, height: 2, stride: 3 * sampleSize),
          into: MutablePlaneView(
            into.baseAddress!, width: exif.width * sampleSize, height: height, stride: exif.width * sampleSize
          ),
          sampleSize: sampleSize)
      }
    }
    #expect(target == widen(exif.samples))
  }

  /// The same through a JPEG file with an EXIF segment, against ffmpeg's own turning.
  @Test(.enabled(if: FFmpegTool.isInstalled), arguments: 1...8, ["yuvj420p", "yuvj444p", "yuvj422p"])
  func turnsPictures(_ number: Int, _ format: String) throws {
    let folder = try Folder()
    try FFmpegTool.make(
      "-f lavfi -i testsrc2=s=68x36 -frames:v 1 -q:v 2 -pix_fmt \(format)", folder["plain.jpg"])
    let plain = try Data(contentsOf: URL(fileURLWithPath: folder["plain.jpg"]))
    try withEXIF(plain, orientation: number).write(to: URL(fileURLWithPath: folder["turned.jpg"]))
    let picture = try #require(try contents(of: folder["turned.jpg"]).pictures.first)
    #expect(picture.layout.width == (number < 5 ? 68 : 36))
    // A quarter turn needs chroma for every pixel where it was only halved in one direction.
    let wire = format == "yuvj422p" && number > 4 ? "yuvj444p" : format
    let reference = [UInt8](try FFmpegTool.pictures(folder["turned.jpg"], wire))
    #expect(reference.count == picture.bytes.count)
    let luma = picture.layout.planes[0].width * picture.layout.planes[0].height
    #expect(picture.bytes.prefix(luma).elementsEqual(reference.prefix(luma)))
    if wire == format { #expect(picture.bytes == reference) }
  }
}

/// FFmpeg's decoder does not read the orientation of WebP pictures.
@Suite(.enabled(if: FFmpegTool.isInstalled))
struct WebPOrientationTests {
  @Test(arguments: [true, false])
  func turnsWebP(_ hasPrefix: Bool) throws {
    let folder = try Folder()
    try FFmpegTool.make("-f lavfi -i testsrc2=s=60x40 -frames:v 1 -c:v libwebp", folder["plain.webp"])
    var file = try Data(contentsOf: URL(fileURLWithPath: folder["plain.webp"]))
    func little(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(number >> ($0 * 8) & 0xff) } }
    let tiff: [UInt8] =
      Array("II*\0".utf8) + [8, 0, 0, 0, 1, 0] + [0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]
    let exif = (hasPrefix ? Array("Exif\0\0".utf8) : []) + tiff
    // The extended header (flag 8: EXIF) with the canvas, then what was there, then the EXIF chunk.
    let picture = [UInt8](file[12...])
    let extended = Array("VP8X".utf8) + little(10) + [8, 0, 0, 0, 59, 0, 0, 39, 0, 0]
    let body = Array("WEBP".utf8) + extended + picture + Array("EXIF".utf8) + little(exif.count) + exif
    file = Data(Array("RIFF".utf8) + little(body.count) + body)
    try file.write(to: URL(fileURLWithPath: folder["turned.webp"]))
    let plain = try #require(try contents(of: folder["plain.webp"]).pictures.first)
    let turned = try #require(try contents(of: folder["turned.webp"]).pictures.first)
    #expect(turned.layout.width == 40 && turned.layout.height == 60)
    // Orientation 6: the first stored row is the last column.
    for x in 0..<60 { #expect(turned.bytes[x * 40 + 39] == plain.bytes[x]) }
  }
}

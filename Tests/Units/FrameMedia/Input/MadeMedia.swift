import Foundation
import FrameMedia
import FrameStream
import Testing

extension FFmpegTool {
  /// Makes a file of a test picture 64x48, ten frames of it, and a sound of the same length.
  static func makeTestPicture(_ arguments: String, _ path: String) throws -> String {
    try make("-f lavfi -i testsrc2=s=64x48:r=25:d=0.4 -f lavfi -i sine=d=0.4 " + arguments, path)
    return path
  }

  /// Number and first size of the pictures that ffprobe decodes, as they are stored.
  static func probed(_ path: String, stream: String = "v:0") throws -> (count: Int, width: Int, height: Int) {
    let data = try run([
      "ffprobe", "-v", "quiet", "-select_streams", stream, "-show_frames", "-show_entries",
      "frame=width,height",
      "-of", "compact=p=0:nk=1", path,
    ])
    // Side data may add lines.
    let sizes = String(decoding: data, as: UTF8.self).split(separator: "\n")
      .map { $0.split(separator: "|").prefix(2).compactMap { Int($0) } }.filter { $0.count == 2 }
    let first = try #require(sizes.first, "ffprobe reads \(path)")
    return (sizes.count, first[0], first[1])
  }
}

/// What is read is what ffprobe and the row say.
func expectSame(
  _ path: String, _ row: MadeMediaRow, _ options: MediaInputOptions = MediaInputOptions(),
  stream: String = "v:0"
) throws {
  let expected = try FFmpegTool.probed(path, stream: stream)
  let found = try contents(of: path, options, keepPictures: false)
  #expect(found.times.count == expected.count)
  let isUpright = row.turn < 5
  #expect(found.video.width == (isUpright ? expected.width : expected.height))
  #expect(found.video.height == (isUpright ? expected.height : expected.width))
  #expect(found.video.pixelFormat == row.format && found.video.colorRange == row.range)
  #expect(found.video.sampleAspectRatio == row.aspect)
  let sound = found.tracks.filter { $0.kind == "audio" }.map(\.codec)
  #expect(sound.joined(separator: "+") == row.sound)
}

/// A JPEG file that is to be turned so to be shown: with an EXIF segment as its first.
func withEXIF(_ jpeg: Data, orientation: Int) -> Data {
  // APP1, "Exif", TIFF header, one directory entry: Orientation, SHORT, 1 value.
  let segment: [UInt8] =
    [0xff, 0xe1, 0, 34] + Array("Exif\0\0MM\0*".utf8) + [0, 0, 0, 8, 0, 1]
    + [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(orientation), 0, 0, 0, 0, 0, 0]
  return jpeg.prefix(2) + segment + jpeg.dropFirst(2)
}

/// An MP4 or QuickTime file that is to be turned so to be shown: with another matrix in its first track's header.
func withMatrix(_ file: Data, orientation: Int) throws -> Data {
  let matrix = try #require([3: [-1, 0, 0, -1], 6: [0, 1, -1, 0], 8: [0, -1, 1, 0]][orientation])
  let box = try #require(file.range(of: Data("tkhd".utf8)))
  var result = file
  // After the type: versions, times, number, duration, layer and volume; then rows of three, the third of which is
  // of another kind.
  for (index, number) in zip([0, 1, 3, 4], matrix) {
    let place = box.upperBound + 40 + index * 4
    let value = UInt32(bitPattern: Int32(number) << 16).bigEndian
    withUnsafeBytes(of: value) { result.replaceSubrange(place..<place + 4, with: $0) }
  }
  return result
}

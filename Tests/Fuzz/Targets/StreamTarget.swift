import FrameStream
import SystemIO

extension FuzzTarget {
  /// A stream, in pieces whose length the first byte chooses.
  static let stream = FuzzTarget(
    name: "stream", words: StreamSeeds.words, seeds: { StreamSeeds.all.map { [0] + Array($0.utf8) } },
    run: { bytes in
      guard let first = bytes.first else { return }
      let input = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
      let whole = read(input, piece: input.count)
      let pieces = read(input, piece: Int(first) + 1)
      precondition(whole == pieces, "records depend on where the input was split")
    })

  /// The result: each record's line and payload, and the failure.
  private static func read(_ input: UnsafeRawBufferPointer, piece: Int) -> [String] {
    var parser = StreamParser()
    var results: [String] = []
    var record = Record()
    var rest = input
    do {
      while !rest.isEmpty {
        var part = UnsafeRawBufferPointer(rebasing: rest.prefix(piece))
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
        while !part.isEmpty {
          let (used, isWhole) = try parser.take(part, into: record)
          part = UnsafeRawBufferPointer(rebasing: part.dropFirst(used))
          guard isWhole else { continue }
          results.append("\(record.subject) \(record.kind) \(record.payloadCount)")
          use(record)
          record = Record()
        }
      }
      try parser.finish()
    } catch {
      // What the message quotes of a first line may depend on the split.
      results.append("\(error.kind)")
    }
    return results
  }

  /// Asks what tools ask.
  private static func use(_ record: Record) {
    switch record.kind {
    case .stream: _ = try? StreamHeader(record.line)
    case .frame:
      _ = GrayPicture().plane(of: record)
      var faces = FaceList()
      for face in (try? record.faces()) ?? [] {
        _ = (face.classIndex, face.scores, face.neighbors, face.isHeld)
        faces.append(face, FaceFields())
      }
      record.line.setFaces(faces)
    case .packet: _ = try? PacketRecord(record.line)
    case .end: _ = try? EndRecord(record.line)
    default: break
    }
  }
}

enum StreamSeeds {
  private static let header =
    #"{"fm":1,"type":"stream","source":"a.mp4","video":{"width":4,"height":2,"pixel_format":"gray","time_base":[1,30],"#
    + #""frame_rate":[30,1],"sample_aspect_ratio":[1,1],"color_range":"tv","frames":2,"duration":0.5},"#
    + #""tracks":[{"id":1,"kind":"audio","codec":"aac","extradata":"AAEC"}],"history":[{"name":"fm-decode"}]}"#
    + "\n"
  private static let end = #"{"type":"end","frames":1,"status":"ok"}"# + "\n"

  private static func frame(_ format: String, _ bytes: Int, faces: String = "") -> String {
    #"{"type":"frame","seq":0,"pts":0,"time":0.0,"width":4,"height":2,"pixel_format":"\#(format)","bytes":\#(bytes)\#(faces)}"#
      + "\n" + String(repeating: "x", count: bytes) + "\n"
  }

  static let all = [
    header + frame("gray", 8) + end,
    header + frame("yuv420p", 12) + #"{"type":"packet","track":1,"pts":0,"dts":0,"bytes":3}"# + "\nabc\n"
      + end,
    header + frame("rgb24", 24) + header.prefix(0) + #"{"type":"later","x":[1e9,-0.5,"\u00e9\ud83d\ude00"]}"#
      + "\n" + end,
    header
      + frame(
        "nv12", 12,
        faces:
          #","faces":[{"box":[1,0,2,2],"neighbors":14,"expression":"happy","confidence":0.93,"scores":{"angry":0.01}}]"#
      )
      + end + header + end,
    #"{"fm":1,"type":"stream"}"# + "\n" + #"{"type":"frame","seq":0,"faces":[]}"# + "\n" + end,
  ]

  static let words =
    #"""
    {"fm":1 "type":"stream" "type":"frame" "type":"packet" "type":"end" "bytes": "seq": "pts": "dts": "time": "width":
    "height": "pixel_format": "gray" "yuv420p" "yuv422p" "yuv444p" "nv12" "rgb24" "faces": "box": "scores":
    "tracks": "history": "live":true "video": "time_base": "frame_rate": "status":"ok" "frames": "track": \ud83d \u0000 \\ \" null
    true false 1e308 -0 268435456 9223372036854775807 9223372036854775808 [[[[[[[[ {"a":
    """#
    .split { $0 == " " || $0 == "\n" }.map(String.init) + ["\n"]
}

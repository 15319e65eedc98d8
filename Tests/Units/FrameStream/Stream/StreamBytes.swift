import FrameStream
import SystemIO

/// Streams made by code, and what a parser makes of bytes.
enum StreamBytes {
  /// A payload of `count` bytes; newlines and braces among them, so that a lost count would be noticed.
  static func payload(_ count: Int, seed: Int) -> [UInt8] {
    let alphabet = Array("\n{}\"\\fm\0\u{1}z".utf8)
    return (0..<count).map { alphabet[($0 &* 31 &+ seed) % alphabet.count] }
  }

  /// A stream with every kind of record, keys that nobody knows, and unusual ways to write things.
  static func everything() -> [UInt8] {
    var bytes: [UInt8] = []
    func add(_ line: String, _ payload: [UInt8]? = nil) {
      bytes += Array(line.utf8) + [0x0A]
      if let payload { bytes += payload + [0x0A] }
    }
    add(
      #"{"fm":1,"type":"stream","source":"a \"b\" é","video":{"width":3,"height":2,"pixel_format":"yuv420p","time_base":[1,25],"color_range":"tv"},"x":1.50e+02}"#
    )
    add(
      #"{"type":"frame","seq":0,"pts":0,"time":0.0,"width":3,"height":2,"pixel_format":"yuv420p","bytes":10}"#,
      payload(10, seed: 1))
    add(#"{"type":"packet","track":1,"pts":-1024,"dts":-1024,"bytes":5}"#, payload(5, seed: 2))
    add(#"{"type":"weather","bytes":3,"rain":[1,{"mm":0.10}]}"#, payload(3, seed: 3))
    add(#"{"type":"note","bytes":0}"#)
    add(
      #"{"type":"frame","seq":4,"pts":9,"width":2,"height":1,"pixel_format":"gray","bytes":2,"faces":[]}"#,
      [7, 8])
    add(#"{"type":"frame","seq":5,"pts":10}"#)
    add(#"{"type":"end","frames":3,"status":"ok"}"#)
    return bytes
  }

  /// A record as it came out of the parser.
  struct Parsed: Equatable {
    var line: [UInt8]
    var payload: [UInt8]
  }

  /// Parses `chunks` one after the other.
  static func parse(_ chunks: [ArraySlice<UInt8>]) throws(Failure) -> [Parsed] {
    var parser = StreamParser()
    let record = Record()
    var parsed: [Parsed] = []
    for chunk in chunks {
      var position = chunk.startIndex
      while position < chunk.endIndex {
        let rest = Array(chunk[position...])
        let result = Result { () throws(Failure) in
          try rest.withFailingBytes { (bytes) throws(Failure) in try parser.take(bytes, into: record) }
        }
        let (used, isWhole) = try result.get()
        position += used
        if isWhole {
          parsed.append(
            Parsed(
              line: record.line.bytes, payload: record.payloadCount > 0 ? Array(record.payload.bytes) : []))
        }
      }
    }
    try parser.finish()
    return parsed
  }
}

extension [UInt8] {
  /// `withUnsafeBytes` that passes a `Failure` through.
  func withFailingBytes<R>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> R) throws(Failure) -> R {
    try withUnsafeBytes { bytes -> Result<R, Failure> in
      do throws(Failure) { return .success(try body(bytes)) } catch { return .failure(error) }
    }.get()
  }
}

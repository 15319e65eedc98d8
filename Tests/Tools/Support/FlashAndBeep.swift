import Foundation
import Testing

/// Films of a flash and a beep half a second after each full second, and where they are in what was made of them.
struct FlashAndBeep {
  let folder: ToolFolder

  /// Makes a film of 10 pictures a second.
  /// - Parameter options: codecs, and whatever else ffmpeg needs.
  func make(
    _ name: String, seconds: Double = 3, sampleRate: Int = 48000, _ options: String = "-c:a aac"
  ) throws {
    let picture =
      "color=c=black:s=64x64:r=10:d=\(seconds),geq=lum='if(between(mod(T\\,1)\\,0.45\\,0.55)\\,235\\,16)':cb=128:cr=128"
    let sound =
      "aevalsrc='if(between(mod(t\\,1)\\,0.5\\,0.6)\\,0.8*sin(6283.2*t)\\,0)':s=\(sampleRate):d=\(seconds)"
    // No shell is between these words and ffmpeg, so nothing removes the quotes.
    let words = [picture, sound].map { $0.replacingOccurrences(of: "'", with: "") }
    try folder.succeed(
      "ffmpeg -v error -y -f lavfi -i \(words[0]) -f lavfi -i \(words[1]) -c:v libx264 -preset veryfast -g 25 \(options) \(name)"
    )
  }

  /// When flashes and beeps begin, in seconds from the file's beginning, by ffmpeg.
  func times(_ name: String) throws -> (flashes: [Double], beeps: [Double]) {
    let access = name.hasSuffix("m3u8") ? "-allowed_extensions ALL " : ""
    let result = try folder.run(
      "ffmpeg -v error \(access)-i \(name) -filter_complex "
        + "[0:v]signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-[v];"
        + "[0:a]silencedetect=n=0.2:d=0.15,ametadata=print:key=lavfi.silence_end:file=-[a] -map [v] -map [a] -f null -"
    )
    var (flashes, beeps): ([Double], [Double]) = ([], [])
    var (time, luma) = (0.0, 0.0)
    for line in result.text.split(separator: "\n") {
      if let place = line.range(of: "pts_time:") { time = Double(line[place.upperBound...]) ?? .nan }
      let value = line.split(separator: "=").last.flatMap { Double($0) } ?? .nan
      if line.hasPrefix("lavfi.signalstats.YAVG") {
        if value > 100, luma < 100 { flashes.append(time) }
        luma = value
      }
      if line.hasPrefix("lavfi.silence_end") { beeps.append(value) }
    }
    return (flashes, beeps)
  }

  /// Expects the given number of flashes, each with a beep within 10 ms.
  /// - Returns: the flashes.
  @discardableResult
  func expectSync(
    _ name: String, flashes count: Int, _ label: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [Double] {
    let found = try times(name)
    #expect(found.flashes.count == count, "\(label): \(found)", sourceLocation: sourceLocation)
    #expect(found.beeps.count == count, "\(label): \(found)", sourceLocation: sourceLocation)
    for (flash, beep) in zip(found.flashes, found.beeps) {
      #expect(abs(flash - beep) < 0.010, "\(label): \(found)", sourceLocation: sourceLocation)
    }
    return found.flashes
  }
}

/// Changes an MP4's edit lists, whose `moov` comes last.
enum EditList {
  /// Gives each track several edits instead of its one.
  /// - Parameter edits: begin and length in seconds of what is shown.
  static func replace(in film: Data, by edits: [(begin: Double, length: Double)]) -> Data {
    var film = [UInt8](film)
    func find(_ name: String, after place: Int, before end: Int) -> Int? {
      let bytes = Array(name.utf8)
      return (place..<max(place, end - 4)).first { Array(film[$0..<$0 + 4]) == bytes }
    }
    func number(_ place: Int) -> Int { film[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    func bytes(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    guard
      let movie = film.indices.reversed().first(where: {
        $0 + 4 <= film.count && Array(film[$0..<$0 + 4]) == Array("moov".utf8)
      })
    else { return Data(film) }
    var place = movie
    while let track = find("trak", after: place, before: film.count) {
      guard let container = find("edts", after: track, before: film.count),
        let list = find("elst", after: container, before: film.count),
        let media = find("mdhd", after: list, before: film.count)
      else { break }
      // Version 0: version and flags, creation, modification, units a second.
      let units = number(media + 16)
      let begin = number(list + 16)
      var entries = [UInt8]()
      for edit in edits {
        entries +=
          bytes(Int(edit.length * 1000)) + bytes(begin + Int(edit.begin * Double(units))) + [0, 1, 0, 0]
      }
      let growth = entries.count - 12
      film.replaceSubrange(list + 12..<list + 24, with: entries)
      film.replaceSubrange(list + 8..<list + 12, with: bytes(edits.count))
      for box in [list, container, track, movie] {
        film.replaceSubrange(box - 4..<box, with: bytes(number(box - 4) + growth))
      }
      place = list + 12 + entries.count
    }
    return Data(film)
  }
}

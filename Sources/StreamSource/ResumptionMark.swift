/// Where the reading of a file was interrupted, so that it continues with what has not been written: a jump leads to
/// a key frame somewhere before that. All times are the file's own, in seconds.
struct ResumptionMark {
  /// The times of the last picture and of each track's last packet.
  private var picture: Double?
  private var tracks: [Int: (time: Double, isSound: Bool)] = [:]
  /// The same when the file was lost: whatever is not later has been written.
  private var writtenPicture: Double?
  private var writtenTracks: [Int: Double] = [:]

  /// The file is lost: what it gave so far is not wanted again.
  mutating func breakOff() {
    writtenPicture = picture
    writtenTracks = tracks.mapValues(\.time)
  }

  /// Where to continue: everything before it has been written. Nil for the beginning. Sound comes a little before or
  /// after its pictures; subtitles may be absent for long, and so is sound that has ended.
  var start: Double? {
    guard let picture else { return nil }
    return tracks.values.filter { $0.isSound && $0.time > picture - 5 }.reduce(picture) { min($0, $1.time) }
  }

  /// Takes note of a picture; false if it has been written before.
  mutating func isNew(_ time: Double) -> Bool {
    if let writtenPicture, time <= writtenPicture { return false }
    picture = max(time, picture ?? time)
    return true
  }

  /// Takes note of a track's packet; false if it has been written before.
  mutating func isNew(_ time: Double, ofTrack track: Int, isSound: Bool) -> Bool {
    if let written = writtenTracks[track], time <= written { return false }
    tracks[track] = (max(time, tracks[track]?.time ?? time), isSound)
    return true
  }
}

import FrameStream

extension StreamHeader {
  /// Tags that say nothing about people or places; all others may.
  private static let impersonalTags: Set<String> = ["language", "timecode", "rotate"]

  /// The header without what may name people or places: tags but for a few, titles of chapters and tracks, tracks of
  /// data such as positions, and attached files but for fonts.
  func withoutPrivateTags() -> StreamHeader {
    func isKept(_ tag: Tag) -> Bool { Self.impersonalTags.contains(tag.key.lowercased()) }
    var header = withoutAttachedPictures()
    header.metadata = header.metadata.filter(isKept)
    header.video?.metadata.removeAll { !isKept($0) }
    header.chapters = header.chapters.map { chapter in
      var chapter = chapter
      chapter.metadata = chapter.metadata.filter(isKept)
      return chapter
    }
    header.tracks = header.tracks.filter { $0.kind != "data" }.map { track in
      var track = track
      // A font is found by its file's name.
      if track.kind != "attachment" { track.metadata = track.metadata.filter(isKept) }
      return track
    }
    return header
  }

  /// The header without attached files that may be pictures, such as cover art.
  func withoutAttachedPictures() -> StreamHeader {
    var header = self
    header.tracks = tracks.filter { $0.kind != "attachment" || ["ttf", "otf"].contains($0.codec) }
    return header
  }
}

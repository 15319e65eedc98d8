import FrameStream

/// What of a stream may show or name people or places, and is left out.
enum PrivateParts {
  /// Nothing is left out.
  case none
  /// Attached files that may be pictures of the people whose faces are hidden.
  case pictures
  /// Those, tracks of data such as positions, and tags.
  case tags

  /// What a video is written with.
  func output(_ header: StreamHeader) -> StreamHeader {
    switch self {
    case .none: return header
    case .pictures: return header.withoutAttachedPictures()
    case .tags:
      var header = header.withoutPrivateTags().withoutAttachedPictures()
      header.tracks.removeAll { $0.kind == "data" }
      return header
    }
  }

  /// What the stream's records begin with. All tracks stay: the records of their packets, which hold nothing, follow.
  func records(_ header: StreamHeader) -> StreamHeader {
    self == .tags ? header.withoutPrivateTags() : header
  }
}

extension StreamHeader {
  /// Tags that say nothing about people or places; all others may.
  private static let impersonalTags: Set<String> = ["language", "timecode", "rotate"]

  /// The header without tags but for a few, and without titles of chapters and tracks.
  fileprivate func withoutPrivateTags() -> StreamHeader {
    func isKept(_ tag: Tag) -> Bool { Self.impersonalTags.contains(tag.key.lowercased()) }
    var header = self
    header.metadata = header.metadata.filter(isKept)
    header.video?.metadata.removeAll { !isKept($0) }
    header.chapters = header.chapters.map { chapter in
      var chapter = chapter
      chapter.metadata = chapter.metadata.filter(isKept)
      return chapter
    }
    header.tracks = header.tracks.map { track in
      var track = track
      // A font is found by its file's name.
      if !track.isFont { track.metadata = track.metadata.filter(isKept) }
      return track
    }
    return header
  }

  /// The header without attached files that may be pictures, such as cover art.
  fileprivate func withoutAttachedPictures() -> StreamHeader {
    var header = self
    header.tracks = tracks.filter { $0.kind != "attachment" || $0.isFont }
    return header
  }
}

extension Track {
  fileprivate var isFont: Bool { kind == "attachment" && ["ttf", "otf"].contains(codec) }
}

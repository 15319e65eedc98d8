import FrameStream

/// What a file has besides pictures, sound and subtitles: its tags, chapters and attached files.
package struct MediaMetadata: Sendable {
  /// The tags of the file as a whole, such as `title`.
  package var tags: [Tag] = []
  /// The chapters, on the clock of the pictures' times.
  package var chapters: [Chapter] = []
  /// Attached files: fonts, cover art.
  package var attachments: [MediaAttachment] = []

  /// Nothing.
  package init(tags: [Tag] = [], chapters: [Chapter] = [], attachments: [MediaAttachment] = []) {
    self.tags = tags
    self.chapters = chapters
    self.attachments = attachments
  }
}

/// A file inside a container.
package struct MediaAttachment: Sendable {
  /// A track of the kind `attachment`; its metadata has the keys `filename` and `mimetype`.
  package var track: Track
  /// The file's bytes.
  package var data: [UInt8]

  /// An attachment with its bytes.
  package init(track: Track, data: [UInt8]) {
    self.track = track
    self.data = data
  }

  /// Whether it is the file's cover picture.
  var isCoverArt: Bool { track.disposition.contains("attached_pic") }
}

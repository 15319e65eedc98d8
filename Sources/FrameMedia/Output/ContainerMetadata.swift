import CFFmpeg
import FrameStream

/// Which tags, chapters and attached files a container keeps.
struct ContainerMetadata {
  private let name: String

  init(_ container: Container) { name = container.name }

  private var isMP4: Bool { ["mp4", "mov", "ipod", "3gp", "3g2", "f4v", "psp"].contains(name) }

  /// Tags that libav writes as they are, whatever their names.
  private static let anyTags: Set<String> = [
    "matroska", "webm", "nut", "flv", "asf", "asf_stream", "ogg", "ogv",
  ]
  /// The tags of MP4 and of QuickTime that libav writes.
  private static let mp4Tags: Set<String> = [
    "title", "artist", "album_artist", "composer", "album", "date", "comment", "genre", "copyright",
    "grouping", "lyrics", "description", "synopsis", "show", "episode_id", "episode_sort", "season_number",
    "network", "keywords", "compilation", "disc", "track", "hd_video", "gapless_playback", "media_type",
    "location", "author", "creation_time", "timecode", "rating", "sort_name", "sort_artist", "sort_album",
  ]
  /// The tags of RIFF that libav writes.
  private static let riffTags: Set<String> = [
    "title", "artist", "album", "copyright", "date", "comment", "genre", "language", "track", "encoded_by",
    "medium", "timecode",
  ]
  /// What describes the file that was read, not the film.
  private static let filesOwn: Set<String> = [
    "encoder", "major_brand", "minor_version", "compatible_brands", "duration",
  ]

  /// Whether a tag is about the film, so that somebody may miss it.
  func concernsFilm(_ tag: Tag) -> Bool { !ContainerMetadata.filesOwn.contains(tag.key.lowercased()) }

  /// Whether the container keeps a tag of the film.
  func keeps(_ tag: Tag) -> Bool {
    let key = tag.key.lowercased()
    if ContainerMetadata.anyTags.contains(name) { return true }
    if isMP4 { return ContainerMetadata.mp4Tags.contains(key) }
    if name == "avi" { return ContainerMetadata.riffTags.contains(key) }
    if name == "mpegts" { return ["service_name", "service_provider"].contains(key) }
    return false
  }

  /// Whether the container keeps a time code of the video.
  var keepsTimecode: Bool { ["mp4", "mov", "matroska", "webm", "mxf", "gxf", "nut"].contains(name) }

  /// Whether the container keeps chapters.
  var keepsChapters: Bool { ["matroska", "webm", "mp4", "mov", "ipod", "nut", "asf"].contains(name) }

  /// How the container keeps an attached file.
  enum Place {
    case attachment, coverArt
  }

  /// Where an attached file goes; nil if the container has no place for it.
  func place(for attachment: MediaAttachment) -> Place? {
    if name == "matroska" { return .attachment }
    let isPicture = ["mjpeg", "png", "bmp"].contains(attachment.track.codec)
    return ["mp4", "ipod"].contains(name) && attachment.isCoverArt && isPicture ? .coverArt : nil
  }
}

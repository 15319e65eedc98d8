import SystemIO

/// What a file's name says about its contents.
package enum MediaFormat {
  private static let pictureExtensions: Set<String> = [
    "jpg", "jpeg", "jpe", "jfif", "png", "bmp", "webp", "tif", "tiff", "ppm", "pgm", "pbm", "pnm", "pam",
    "tga", "jp2", "j2k", "jxl", "avif", "sgi", "exr", "dds", "pcx", "qoi", "hdr", "xbm", "xpm",
  ]

  /// True if the name is that of a file for one picture (GIF counts as video).
  package static func isPictureFile(_ name: String) -> Bool {
    pictureExtensions.contains(FilePath.fileExtension(name))
  }

  /// True if the name is a pattern of numbered pictures: a ``NumberedName`` with a picture's extension, or with any if the
  /// format is FFmpeg's image2.
  package static func isSequencePattern(_ name: String, format: String? = nil) -> Bool {
    guard NumberedName(name) != nil else { return false }
    return format == "image2" || format == nil && isPictureName(name)
  }
}

extension MediaFormat {
  /// True for the extensions of pictures that are skipped in folders: this FFmpeg cannot decode them, or cannot
  /// identify them by extension.
  package static func isUnreadablePicture(_ name: String) -> Bool {
    unreadableExtensions.contains(FilePath.fileExtension(name))
  }

  private static let unreadableExtensions: Set<String> = [
    "arw", "cr2", "cr3", "cur", "dng", "dpx", "fits", "heic", "heif", "ico", "jls", "nef", "orf", "pfm",
    "psd", "raf", "ras", "raw", "rw2", "svg", "xwd",
  ]

  /// True for the usual extensions of videos, which are not read with the pictures of a folder.
  package static func isVideoName(_ name: String) -> Bool {
    videoExtensions.contains(FilePath.fileExtension(name))
  }

  private static let videoExtensions: Set<String> = [
    "3g2", "3gp", "asf", "avi", "f4v", "flv", "h264", "h265", "hevc", "m1v", "m2ts", "m2v", "m4v", "mjpeg",
    "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "mxf", "nut", "ogv", "ts", "vob", "webm", "wmv", "y4m",
  ]

  /// True if a file in a folder of pictures is likely to be one, by its extension (GIF among them).
  package static func isPictureName(_ name: String) -> Bool {
    isPictureFile(name) || FilePath.fileExtension(name) == "gif"
  }
}

/// What a file's name says about what is in it.
package enum MediaFormat {
  private static let pictureExtensions: Set<String> = [
    "jpg", "jpeg", "jpe", "jfif", "png", "bmp", "webp", "tif", "tiff", "ppm", "pgm", "pbm", "pnm", "pam",
    "tga",
    "jp2", "j2k", "jxl", "avif", "sgi", "exr", "dds", "pcx", "qoi", "hdr", "xbm", "xpm",
  ]

  /// The part after the last dot of the last component, in lower case; empty if there is none.
  static func fileExtension(_ name: String) -> String {
    let file = name[(name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex)...]
    guard let dot = file.lastIndex(of: "."), dot > file.startIndex else { return "" }
    return file[file.index(after: dot)...].lowercased()
  }

  /// True if the name is that of a file for one picture (GIF counts as video).
  package static func isPictureFile(_ name: String) -> Bool {
    pictureExtensions.contains(fileExtension(name))
  }

  /// True if the name stands for numbered files: one `%d` or `%05d`, as FFmpeg's image2 format has it.
  package static func isSequencePattern(_ name: String) -> Bool {
    var rest = name[...]
    var count = 0
    while let percent = rest.firstIndex(of: "%") {
      rest = rest[rest.index(after: percent)...]
      if rest.first == "%" {
        rest.removeFirst()
        continue
      }
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard digits.count <= 2, rest.dropFirst(digits.count).first == "d" else { return false }
      count += 1
    }
    return count == 1
  }
}

extension MediaInput {
  /// True for the extensions of pictures that are not looked for in folders: FFmpeg here cannot read them, or has no
  /// word for it by their name.
  package static func isPictureNameOfOthers(_ name: String) -> Bool {
    othersExtensions.contains(MediaFormat.fileExtension(name))
  }

  private static let othersExtensions: Set<String> = [
    "arw", "cr2", "cr3", "cur", "dng", "dpx", "fits", "heic", "heif", "ico", "jls", "nef", "orf", "pfm",
    "psd", "raf",
    "ras", "raw", "rw2", "svg", "xwd",
  ]

  /// True if a file in a folder of pictures is likely to be one, by its extension (GIF among them).
  package static func isPictureName(_ name: String) -> Bool {
    MediaFormat.isPictureFile(name) || MediaFormat.fileExtension(name) == "gif"
  }
}

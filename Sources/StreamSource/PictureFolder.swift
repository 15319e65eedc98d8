import FrameMedia
import SystemIO

/// Folders of pictures, and which inputs form one stream together.
package enum PictureFolder {
  /// What makes one stream.
  package enum Source: Equatable {
    /// A video, a device, a single picture: a stream of its own.
    case media(String)
    /// Pictures that make one stream, and what to call it.
    case pictures([Picture], name: String)
  }

  /// A picture file that makes a stream with others.
  package struct Picture: Equatable, Sendable {
    /// How it was found.
    package enum Origin: Sendable {
      /// A person gave its name, which may be that of a pipe.
      case named
      /// It has one of the numbers of a name such as `%03d.png`.
      case numbered
      /// It was found in a folder.
      case listed
    }

    /// Its name, with the folder.
    package var path: String
    /// How it was found.
    package var origin: Origin

    /// A file and how it was found.
    package init(_ path: String, _ origin: Origin) {
      self.path = path
      self.origin = origin
    }

    /// Refuses what nobody meant to be read: special files that no person has named, and files in a folder whose names
    /// are not UTF-8, which readers of the stream could not open by the text alone.
    /// - Throws: ``Failure`` (`badInput`).
    func check() throws(Failure) {
      guard origin != .named else { return }
      try FileStatus(path: path)?.checkIsRegular(path)
      guard origin == .numbered || FileName.isText(FilePath.lastComponent(path)) else {
        throw Failure(
          .badInput, step: "skipped", subject: path,
          cause: "its name is not UTF-8; to read it, name it on the command line")
      }
    }
  }

  /// What to read, in order: pictures, numbered pictures and folders in a row make one source.
  /// - Parameters:
  ///   - format: the format that was asked for, which is no folder's; nil if none was.
  ///   - hasTimes: whether what is asked for needs times, which only libav gives to numbered pictures.
  package static func sources(_ inputs: [String], format: String?, hasTimes: Bool = false) -> [Source] {
    guard format == nil else { return inputs.map { .media($0) } }
    var sources: [Source] = []
    var pictures: [Picture] = []
    var names: [String] = []
    var hasFolder = false
    func flush() {
      if pictures.count == 1, !hasFolder {
        sources.append(.media(pictures[0].path))
      } else if !names.isEmpty {
        sources.append(.pictures(pictures, name: names.joined(separator: " ")))
      }
      pictures = []
      names = []
      hasFolder = false
    }
    for input in inputs {
      let path = FilePath.ofFileURL(input) ?? input
      if let found = contents(of: path) {
        hasFolder = true
        names.append(input)
        pictures += found.map { Picture($0, .listed) }
      } else if let (numbered, numbers) = numberedPictures(path), !numbers.isEmpty, !hasTimes {
        hasFolder = true
        names.append(input)
        pictures += numbers.map { Picture(numbered.path($0), .numbered) }
      } else if isFile(path), MediaFormat.isPictureFile(path) {
        names.append(input)
        pictures.append(Picture(input, .named))
      } else {
        flush()
        sources.append(.media(input))
      }
    }
    flush()
    return sources
  }

  /// What is right in a folder and has the name of a picture, sorted by name; nil if it is no folder, or one that cannot
  /// be read.
  private static func contents(of folder: String) -> [String]? {
    guard FilePath.isFolder(folder) else { return nil }
    return names(in: folder, arePictures: true)?.map { FilePath.join(folder, $0) }
  }

  /// The numbered pictures that a name such as `%03d.png` means; nil for the name of a file.
  private static func numberedPictures(_ name: String) -> (NumberedName, numbers: [Int])? {
    guard MediaFormat.isSequencePattern(name), !FilePath.exists(name), let numbered = NumberedName(name)
    else {
      return nil
    }
    return (numbered, numbered.numbers())
  }

  /// The numbers that are missing between numbered pictures, in words; nil for any other input, and if none are.
  package static func gaps(in input: String) -> String? {
    numberedPictures(FilePath.ofFileURL(input) ?? input).flatMap { NumberedName.gaps(in: $0.numbers) }
  }

  /// The files right in a folder, sorted by name, that are not images by extension; they are not opened.
  package static func skippedFiles(in folder: String) -> [String] {
    (names(in: folder, arePictures: false) ?? []).filter { isFile(FilePath.join(folder, $0)) }
  }

  private static func names(in folder: String, arePictures: Bool) -> [String]? {
    FolderListing.names(in: folder)?.filter {
      $0.utf8.first != UInt8(ascii: ".") && MediaFormat.isPictureName($0) == arePictures
    }
  }

  private static func isFile(_ path: String) -> Bool { FileStatus(path: path).map { !$0.isFolder } ?? false }
}

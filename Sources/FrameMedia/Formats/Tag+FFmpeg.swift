import CFFmpeg
import FrameStream
import Glibc

extension [Tag] {
  /// How much room all tags of a track or a file have in a record's line: a tag may be a whole book.
  private static let largestSize = 64 << 10

  /// All entries of a dictionary, in its order.
  init(_ dictionary: OpaquePointer?) {
    self = []
    var entry = av_dict_get(dictionary, "", nil, AV_DICT_IGNORE_SUFFIX)
    while let current = entry {
      append(Tag(String(cString: current.pointee.key), String(cString: current.pointee.value)))
      entry = av_dict_get(dictionary, "", current, AV_DICT_IGNORE_SUFFIX)
    }
  }

  /// Those that fit into a record's line.
  var kept: [Tag] {
    var size = 0
    return filter { tag in
      let own = tag.key.utf8.count + tag.value.utf8.count
      guard size + own <= Self.largestSize else { return false }
      size += own
      return true
    }
  }

  /// How many do not fit.
  var omitted: Int { count - kept.count }

  /// Adds them to a dictionary.
  func write(to dictionary: inout OpaquePointer?) {
    for tag in self { av_dict_set(&dictionary, tag.key, tag.value, 0) }
  }
}

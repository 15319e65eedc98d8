import SystemIO

/// Where pictures come from, by the name that a command line has for it.
package enum PictureSource: Sendable, Equatable {
  /// A folder with a folder of pictures for each class.
  case folder(String)
  /// A stream with labels (fm-stream(5)) on standard input.
  case standardInput
  /// The same in a file, or behind a pipe's name.
  case stream(String)
  /// FER-2013's table, and which of its rows: those with this `Usage`; nil for all.
  case table(String, usage: String?)

  /// Looks at what the name leads to. `faces.csv:Training` is the table `faces.csv` if no file is named so. A name that
  /// leads nowhere, or to a file of another kind, is a folder's, which says so when it is read.
  package init(_ name: String) {
    if name == "-" {
      self = .standardInput
    } else if let status = FileStatus(path: name) {
      if status.isFolder {
        self = .folder(name)
      } else if status.isRegularFile, Self.isTable(name) {
        self = .table(name, usage: nil)
      } else {
        self = !status.isRegularFile || Self.isStream(name) ? .stream(name) : .folder(name)
      }
    } else if let colon = name.lastIndex(of: ":"), let status = FileStatus(path: String(name[..<colon])),
      status.isRegularFile
    {
      self = .table(String(name[..<colon]), usage: String(name[name.index(after: colon)...]))
    } else {
      self = .folder(name)
    }
  }

  /// True for a file that begins as a stream does; one that is compressed with zstd may be one too.
  private static func isStream(_ name: String) -> Bool {
    guard let file = try? Descriptor.openForReading(name) else { return false }
    defer { file.close() }
    let start = UnsafeMutableRawBufferPointer.allocate(byteCount: 5, alignment: 1)
    defer { start.deallocate() }
    let nothing = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    guard let count = try? file.read(into: start, then: nothing) else { return false }
    return count == 5
      && (start.elementsEqual("{\"fm\"".utf8) || start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]))
  }

  /// True for a file that ends in `.csv`: it need not be opened to know that it is no stream.
  private static func isTable(_ name: String) -> Bool { FilePath.fileExtension(name).lowercased() == "csv" }
}

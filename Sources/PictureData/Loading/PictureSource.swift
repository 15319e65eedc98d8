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
  /// leads nowhere is a folder's.
  package init(_ name: String) {
    if name == "-" {
      self = .standardInput
    } else if let status = FileStatus(path: name) {
      if status.isFolder {
        self = .folder(name)
      } else if status.isRegularFile, Self.isTable(name) {
        self = .table(name, usage: nil)
      } else {
        self = .stream(name)
      }
    } else if let colon = name.lastIndex(of: ":"), let status = FileStatus(path: String(name[..<colon])),
      status.isRegularFile
    {
      self = .table(String(name[..<colon]), usage: String(name[name.index(after: colon)...]))
    } else {
      self = .folder(name)
    }
  }

  /// True for a file that ends in `.csv`: it need not be opened to know that it is no stream.
  private static func isTable(_ name: String) -> Bool { FilePath.fileExtension(name).lowercased() == "csv" }
}

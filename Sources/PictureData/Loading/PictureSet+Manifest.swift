import SystemIO
import TextTables

extension PictureSet {
  /// Loads the pictures of a folder that a manifest file lists; the file is written from a scan of the folder's
  /// class folders if there is none.
  /// - Parameters:
  ///   - folder: names in the manifest are relative to it, or else to the manifest's own folder. Pictures outside
  ///     it are left out, so that one manifest may serve several parts of a data set.
  ///   - classes: if they are settled already; otherwise those of the votes, or the class folders, or the labels if
  ///   there is no folder that one of them is named as.
  /// - Throws: ``Failure``: `inputOutput`, or `badInput` with file and line.
  package init(
    folder: String, manifest path: String, classes: [String]? = nil, votes: VoteRule? = nil,
    options: LoadingOptions
  ) throws(Failure) {
    guard FileStatus(path: path) != nil else {
      guard votes == nil else {
        throw Failure(.inputOutput, step: "cannot open", subject: path, cause: systemMessage(2))
      }
      let folders = try ClassFolders(path: folder, classes: classes, options)
      try Manifest(folders).write(to: path)
      try self.init(folders, options: options)
      return
    }
    let manifest = try Manifest(path: path, votes: votes)
    try self.init(
      manifest, path: path, folder: folder, classes: classes, votes: votes, options: options)
  }

  /// Loads the pictures that a manifest lists.
  /// - Parameters:
  ///   - path: the manifest's file, for names relative to it and for messages.
  ///   - folder: the data folder; nil if there is none.
  package init(
    _ manifest: Manifest, path: String, folder: String?, classes known: [String]? = nil,
    votes: VoteRule? = nil, options: LoadingOptions
  ) throws(Failure) {
    var classes = known ?? []
    if known == nil || options.mayHaveOtherClasses {
      let found: [String]
      if let votes, votes.weight >= 1 {
        found = votes.classes(of: manifest.voteColumns)
      } else {
        let folders = try folder.map { name throws(Failure) in try ClassFolders.classes(in: name) } ?? []
        let labels = Set(manifest.rows.map(\.label))
        // Folders that no label is named as hold pictures of all classes.
        found = folders.contains(where: labels.contains) ? folders : labels.sorted(by: NameList.precedes)
      }
      classes = options.classes(given: known, found: found)
    }
    guard (2...PictureLimits.classes).contains(classes.count) else {
      throw Failure(
        .badInput, step: "reading the manifest", subject: path,
        cause: classes.count < 2
          ? "the only class is \(NameList.quoted(classes)): at least two are needed"
          : "\(classes.count) classes")
    }
    var resolution = ManifestResolution(
      path: path, folder: folder, classes: classes, voteColumns: manifest.voteColumns, votes: votes)
    for row in manifest.rows { try resolution.add(row) }
    resolution.report(options.onWarning)
    if options.strict, let first = resolution.missing.first {
      throw Failure(.badInput, step: first.name, subject: path, cause: first.cause)
    }
    let loading = PictureLoading(options: options, classes: classes, subject: path)
    self = try loading.load(resolution.sources, unreadable: resolution.missing)
  }
}

/// Finds the files of a manifest's rows, and their training targets.
private struct ManifestResolution {
  private(set) var sources: [PictureLoading.Source] = []
  private(set) var missing: [PictureSet.Unreadable] = []
  private let path: String
  private let ownFolder: String
  private let dataFolder: String?
  private let classes: [String]
  private let numbers: [String: Int]
  private let voteColumns: [String]
  private let voteNumbers: [Int?]
  private let votes: VoteRule?
  /// Files by their paths' bytes, as strings of other bytes may be equal: the first row that names them.
  private var seen: [[UInt8]: Manifest.Row] = [:]
  private var outsideCount = 0
  private var droppedCount = 0
  private var repeated: [(name: String, first: Int, second: Int)] = []

  init(path: String, folder: String?, classes: [String], voteColumns: [String], votes: VoteRule?) {
    self.path = path
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let own = slash.map { String(path[...$0]) } ?? "."
    ownFolder = FilePath.resolved(own) ?? own
    dataFolder = folder.map { FilePath.resolved($0) ?? $0 }
    self.classes = classes
    self.votes = votes
    var numbers: [String: Int] = [:]
    for (number, name) in classes.enumerated() { numbers[name] = number }
    self.numbers = numbers
    self.voteColumns = voteColumns
    voteNumbers = voteColumns.map { column in
      votes?.className(ofColumn: column).flatMap { numbers[$0] }
    }
  }

  mutating func add(_ row: Manifest.Row) throws(Failure) {
    guard let (file, name) = find(row) else { return }
    let weight = votes?.weight ?? 0
    guard weight >= 1 || numbers[row.label] != nil else {
      throw failure(
        row, "the label \"\(row.label.prefix(60))\" is not one of the classes \(NameList.quoted(classes))")
    }
    guard let file else {
      missing.append(
        PictureSet.Unreadable(name: row.filename, cause: "line \(row.line): there is no such file"))
      return
    }
    if let earlier = seen[Array(file.utf8)] {
      guard earlier.label == row.label else {
        throw failure(
          row,
          "\"\(row.filename)\" is in line \(earlier.line) already, as \"\(earlier.label)\", "
            + "and here as \"\(row.label)\"")
      }
      repeated.append((row.filename, earlier.line, row.line))
      return
    }
    seen[Array(file.utf8)] = row
    var example = PictureSet.Example(name: name, label: 0)
    example.label = numbers[row.label] ?? 0
    if let votes {
      guard
        let voted = votes.example(
          named: name, label: numbers[row.label], row.votes, voteColumns, voteNumbers,
          classCount: classes.count)
      else {
        droppedCount += 1
        return
      }
      example = voted
    }
    sources.append(PictureLoading.Source(path: file, example: example))
  }

  private func failure(_ row: Manifest.Row, _ cause: String) -> Failure {
    Failure(.badInput, step: "reading the manifest", subject: "\(path): line \(row.line)", cause: cause)
  }

  /// The file of a row and what to call it; no file if it is missing; nil if it is outside the data folder.
  private mutating func find(_ row: Manifest.Row) -> (file: String?, name: String)? {
    let name = row.filename
    var candidates: [String] = []
    if name.hasPrefix("/") {
      candidates = [normalizedPath(name)]
    } else {
      if let dataFolder { candidates.append(normalizedPath("\(dataFolder)/\(name)")) }
      candidates.append(normalizedPath("\(ownFolder)/\(name)"))
    }
    for candidate in candidates where FileStatus(path: candidate)?.isRegularFile ?? false {
      guard let dataFolder else { return (candidate, name) }
      if let inside = candidate.inside(dataFolder) { return (candidate, inside) }
      // An absolute name may lead there through a link.
      if name.hasPrefix("/"), let inside = FilePath.resolved(candidate)?.inside(dataFolder) {
        return (candidate, inside)
      }
      outsideCount += 1
      return nil
    }
    return (nil, name)
  }

  func report(_ warn: (@Sendable (String) -> Void)?) {
    guard let warn else { return }
    if outsideCount > 0 {
      warn("\(path): pictures outside \(dataFolder ?? "the data folder") are left out: \(outsideCount)")
    }
    if droppedCount > 0 {
      warn("\(path): pictures whose votes decide for no class are left out: \(droppedCount)")
    }
    for pair in repeated.prefix(10) {
      warn(
        "\(path): line \(pair.second): \"\(pair.name)\" is in line \(pair.first) already; it counts once")
    }
    if repeated.count > 10 { warn("\(path): \(repeated.count) pictures are listed more than once") }
  }
}

extension String {
  /// What follows `folder` and a slash; nil if this path is not in that folder.
  fileprivate func inside(_ folder: String) -> String? {
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    return utf8.starts(with: prefix.utf8)
      ? String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : nil
  }
}

/// A path without `.`, `..` and doubled slashes, as far as that is known without looking at the disk.
func normalizedPath(_ path: String) -> String {
  guard path.utf8.contains(UInt8(ascii: ".")) || path.contains("//") else { return path }
  var parts: [Substring] = []
  for part in path.split(separator: "/") where part != "." {
    if part == ".." {
      _ = parts.popLast()
    } else {
      parts.append(part)
    }
  }
  return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
}

import SystemIO

extension PictureSet {
  /// Loads a folder of class folders; see ``ClassFolders``.
  /// - Parameter classes: the classes and their order if they are settled already.
  /// - Throws: ``Failure``: `inputOutput` if the folder cannot be read; `badInput` if it has no pictures to train on,
  ///   or a picture cannot be read and loading is strict.
  package init(folder: String, classes: [String]? = nil, options: LoadingOptions) throws(Failure) {
    try self.init(ClassFolders(path: folder, classes: classes, options), options: options)
  }

  /// Loads the pictures of folders that were listed.
  package init(_ folders: ClassFolders, options: LoadingOptions) throws(Failure) {
    if folders.looseCount > 0 {
      options.onWarning?(
        "\(folders.path): pictures that are in no class folder are left out: \(folders.looseCount)")
    }
    options.report(otherFiles: folders.otherFiles, in: folders.path)
    let root = FilePath.resolved(folders.path) ?? folders.path
    let sources = folders.pictures.map {
      PictureLoading.Source(path: "\(root)/\($0.name)", example: Example(name: $0.name, label: $0.label))
    }
    let loading = PictureLoading(options: options, classes: folders.classes, subject: folders.path)
    self = try loading.load(sources)
  }
}

extension ClassFolders {
  /// Lists the folder for loading: classes that are settled may give way to the folder's own.
  init(path: String, classes known: [String]?, _ options: LoadingOptions) throws(Failure) {
    var classes = known
    if options.mayHaveOtherClasses, let known {
      let found = try ClassFolders.classes(in: path)
      if options.classes(given: known, found: found) != known { classes = nil }
    }
    try self.init(path: path, classes: classes)
  }
}

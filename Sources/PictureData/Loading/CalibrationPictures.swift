import SystemIO

/// The pictures of a folder that a model is calibrated with: those in folders that are named as its classes, or,
/// where there is no such folder, those directly in it, which belong to no class.
package struct CalibrationPictures: Sendable {
  /// The pictures, in the order of their folders.
  package let pictures: PictureSet
  /// False if the pictures belong to no class; their labels mean nothing then.
  package let areLabelled: Bool

  /// Pictures that belong to classes, from a stream or a table.
  package init(labelled pictures: PictureSet) {
    self.pictures = pictures
    areLabelled = true
  }

  /// - Parameters:
  ///   - path: The folder. Folders in it that are not named as a class are skipped with a warning.
  ///   - classes: The model's, in the order of its outputs.
  /// - Throws: ``Failure``: `inputOutput` if the folder cannot be read; `badInput` if there are no pictures in it, or a
  ///   name in it is not UTF-8.
  package init(folder path: String, classes: [String], options: LoadingOptions) throws(Failure) {
    let (folders, loose, otherFiles) = try ClassFolders.contents(of: path)
    let others = folders.filter { !classes.contains($0) }
    for name in others.prefix(20) {
      options.onWarning?("\(path): the folder \"\(name)\" is not one of the model's classes, and is left out")
    }
    areLabelled = others.count < folders.count
    if areLabelled {
      pictures = try PictureSet(
        ClassFolders(path: path, classes: classes, passesOverOthers: true), options: options)
      return
    }
    guard !loose.isEmpty else {
      throw Failure(
        .badInput, step: "reading pictures", subject: path,
        cause: "it has no pictures, and no folder with the name of a class of the model")
    }
    options.report(otherFiles: otherFiles, in: path)
    let loading = PictureLoading(options: options, classes: classes, subject: path, areLabelled: false)
    pictures = try loading.load(
      loose.map {
        PictureLoading.Source(path: "\(path)/\($0)", example: PictureSet.Example(name: $0, label: 0))
      })
  }
}

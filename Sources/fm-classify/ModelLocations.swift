import SystemIO

/// Where to find the model that is used without `--model`.
enum ModelLocations {
  private static let advice = "give one with --model or FM_MODEL_PATH"

  /// The file that `FM_MODEL_PATH` names, or the shipped model of FER-2013's seven classes.
  /// - Throws: ``Failure`` (`badInput`) listing the files searched.
  static func standardModel() throws(Failure) -> String {
    if let path = FileName.ofEnvironment("FM_MODEL_PATH") { return path }
    return try ShippedFiles.models.shipped("expressions", advice: advice)
  }

  /// What `--model` names: a file, or by its bare name a model that comes with the tools (`ferplus`).
  /// - Throws: ``Failure`` (`badInput`) listing the files searched.
  static func find(_ name: String) throws(Failure) -> String {
    try ShippedFiles.models.find(name, advice: advice)
  }
}

import SystemIO

extension ModelFile {
  /// What the file says of its calibration; nil if nothing.
  /// - Throws: ``Failure`` (`badInput`) if it is not understood.
  package func calibration() throws(Failure) -> Calibration? {
    guard let json = information["calibration"], !json.isNull else { return nil }
    do throws(Failure) { return try Calibration(json) } catch { throw error.within("member fm.json") }
  }

  /// Keeps a calibration, made with the model's own preprocessing, in place of an earlier one.
  /// - Throws: ``Failure`` (`failed`) if a number in it is not finite.
  package mutating func setCalibration(_ calibration: Calibration?) throws(Failure) {
    var calibration = calibration
    calibration?.input = information.preprocessing ?? Preprocessing()
    calibration?.input?.margin = 0
    let json = try calibration?.json()
    information.others.removeAll { $0.key == "calibration" }
    if let json { information.others.append(("calibration", json)) }
  }
}

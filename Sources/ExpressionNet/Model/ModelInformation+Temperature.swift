import NetworkModel

extension ModelInformation {
  /// The temperature for the mean of these views; where it was not measured, that of other views; nil if the model is
  /// not calibrated.
  package func temperature(for views: PictureViews) -> Double? { views.nearest(in: temperatures)?.value }

  /// What a user should know of ``temperature(for:)``: that it was measured for other views. Nil for nothing.
  package func temperatureNote(for views: PictureViews) -> String? {
    guard let measured = views.nearest(in: temperatures)?.views, measured != views else { return nil }
    return
      "its temperature was measured with --views \(measured.rawValue) and is used for \(views.rawValue) too; "
      + "fm-train calibrate --views \(views.rawValue) measures its own"
  }

  /// Lines of a model's description: the temperatures that calibrate it.
  package var temperatureLines: String { PictureViews.lines("Temperature", temperatures) { "\($0)" } }
}

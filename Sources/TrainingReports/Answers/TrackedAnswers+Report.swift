import FrameStream
import TextTables

extension TrackedAnswers {
  /// A table with a column for the classifier's answers and one for the smoothed ones.
  package var text: String {
    let columns = [("as classified", rawQuality)] + (smoothedQuality.map { [("smoothed", $0)] } ?? [])
    func row(_ name: String, _ cell: (AnswerQuality) -> String) -> String {
      TextColumns.left(name, 28) + columns.map { TextColumns.right(cell($0.1), 15) }.joined() + "\n"
    }
    func delay(_ quality: AnswerQuality) -> String {
      quality.onsetDelay.map { DecimalText.fixed($0, 3) } ?? "–"
    }
    var text = TextColumns.left("the stream's own answers", 28)
    text += columns.map { TextColumns.right($0.0, 15) }.joined() + "\n\n"
    text += row("faces") { "\($0.count)" }
    text += row("accuracy") { DecimalText.fixed($0.accuracy, 4) }
    text += row("macro F1") { DecimalText.fixed($0.macroF1, 4) }
    text += row("changes per 100 faces") { DecimalText.fixed($0.changesPer100, 2) }
    text += row("onset delay in seconds", delay)
    text += row("onsets that are named") { "\($0.reachedOnsets) of \($0.onsets)" }
    if unanswered > 0 {
      text += TextColumns.left("faces without an answer", 28) + "\(unanswered), left out\n"
    }
    return text
  }

  /// `{"persons": 2, "unanswered": 0, "raw": {"count": 250, "accuracy": 0.57, "macro_f1": 0.57, "changes_per_100": 9.6,
  /// "onset_delay": 0.12, "onsets": 30, "onsets_named": 28}, "smoothed": {…}}`; without `smoothed` if nothing was
  /// smoothed, with `"onset_delay": null` if no onset was named.
  package var json: JSONValue {
    func object(_ quality: AnswerQuality) -> JSONValue {
      .object(
        JSONObject(fields: [
          ("count", JSONValue(writing: quality.count)), ("accuracy", JSONValue(writing: quality.accuracy)),
          ("macro_f1", JSONValue(writing: quality.macroF1)),
          ("changes_per_100", JSONValue(writing: quality.changesPer100)),
          ("onset_delay", quality.onsetDelay.map { JSONValue(writing: $0) } ?? .null),
          ("onsets", JSONValue(writing: quality.onsets)),
          ("onsets_named", JSONValue(writing: quality.reachedOnsets)),
        ]))
    }
    var fields: [(key: String, value: JSONValue)] = [
      ("persons", JSONValue(writing: persons)), ("unanswered", JSONValue(writing: unanswered)),
      ("raw", object(rawQuality)),
    ]
    if let smoothedQuality { fields.append(("smoothed", object(smoothedQuality))) }
    return .object(JSONObject(fields: fields))
  }
}

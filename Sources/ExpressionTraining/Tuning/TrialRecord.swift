import FrameStream
import SystemIO

/// One line of a tuning's records: the result of a trial at a rung.
package struct TrialRecord: Sendable {
  /// Which process's sequence of trials it belongs to, and its number there.
  package var seed: Int
  /// Its number in that sequence.
  package var number: Int
  /// 0 for the first and shortest.
  package var rung: Int
  /// Epochs trained in all.
  package var epochs: Int
  /// The best validation accuracy so far; nil for a trial that failed.
  package var score: Double?
  /// The validation loss of the epoch with that score.
  package var validationLoss: Double?
  /// Seconds of training in all.
  package var seconds: Double
  /// Why it failed.
  package var message: String?
  /// The values that were drawn for it.
  package var settings: [SearchSpace.Setting]
  /// The number of the search that it is of (``Tuner``); nil in records that have none.
  package var search: String?

  /// The trial's name: its seed and number.
  package var trial: String { "\(seed)-\(number)" }

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("type", "trial")
      object.field("trial", trial)
      object.field("trial_seed", seed)
      object.field("number", number)
      object.field("rung", rung)
      object.field("epochs", epochs)
      object.field("search", search)
      object.field("status", score == nil ? "failed" : "ok")
      object.field("val_accuracy", orNull: score)
      object.field("val_loss", orNull: validationLoss)
      object.field("seconds", (seconds * 1000).rounded() / 1000)
      object.field("message", message)
      object.key("settings")
      object.object { settings in
        for (key, value) in self.settings {
          settings.field(key, value)
        }
      }
    }
  }

  /// The record as a line of NDJSON.
  package var line: String {
    var writer = JSONWriter()
    write(to: &writer)
    return String(decoding: writer.bytes, as: UTF8.self) + "\n"
  }

  /// Nil for a line that is not a record.
  init?(_ json: JSONValue) {
    guard json["type"]?.string == "trial", let seed = json["trial_seed"]?.int,
      let number = json["number"]?.int, let rung = json["rung"]?.int, let epochs = json["epochs"]?.int,
      number >= 0, rung >= 0, epochs >= 0
    else { return nil }
    self.seed = seed
    self.number = number
    self.rung = rung
    self.epochs = epochs
    score = json["status"]?.string == "ok" ? json["val_accuracy"]?.double : nil
    validationLoss = json["val_loss"]?.double
    seconds = json["seconds"]?.double ?? 0
    message = json["message"]?.string
    settings = json["settings"]?.object?.fields ?? []
    search = json["search"]?.string
  }

  init(
    seed: Int, number: Int, rung: Int, epochs: Int, score: Double?, validationLoss: Double?, seconds: Double,
    message: String?, settings: [SearchSpace.Setting], search: String?
  ) {
    self.seed = seed
    self.number = number
    self.rung = rung
    self.epochs = epochs
    self.score = score
    self.validationLoss = validationLoss
    self.seconds = seconds
    self.message = message
    self.settings = settings
    self.search = search
  }
}

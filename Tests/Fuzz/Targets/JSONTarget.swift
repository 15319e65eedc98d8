import FrameStream
import SystemIO
import TrainingReports

@testable import ExpressionTraining
@testable import PictureData

extension FuzzTarget {
  /// What training reads as JSON; the first byte says which: a recipe, a search, a record of a trial, the state in a checkpoint. A recipe or a
  /// record that is accepted is written and read again.
  static let json = FuzzTarget(
    name: "json", words: JSONSeeds.words,
    seeds: {
      let kinds = [JSONSeeds.recipes, JSONSeeds.searches, JSONSeeds.records, JSONSeeds.states]
      return kinds.enumerated().flatMap { kind, texts in texts.map { [UInt8(kind)] + Array($0.utf8) } }
    },
    run: { bytes in
      guard let kind = bytes.first,
        let json = try? JSONValue(parsing: UnsafeRawBufferPointer(rebasing: bytes.dropFirst()))
      else { return }
      switch kind % 4 {
      case 0: check(recipe: json)
      case 1: check(search: json)
      case 3: check(state: json)
      default: check(record: json)
      }
    })

  /// What is accepted can be counted on: no sum traps.
  private static func check(state json: JSONValue) {
    _ = try? TrainingHistory(records: json["history"])
    guard let position = json["position"].flatMap({ TrainingPosition($0) }) else { return }
    var next = position
    next.pictures += 4096
    next.correct += 4096
    next.step += 1
    precondition(next.accuracy.isFinite && next.loss >= -.infinity)
    next.plateau.add(loss: next.loss, patience: 3, factor: 0.5)
    next.endEpoch()
    precondition(
      (100_000 - position.epoch) * 1_000_000 - position.pictures < .max && next.epoch > position.epoch)
  }

  private static func check(recipe json: JSONValue) {
    var recipe = Recipe()
    guard (try? recipe.apply(json)) != nil else { return }
    var again = Recipe()
    do {
      try again.apply(JSONValue(JSONText(parsing: Array(recipe.text.utf8))))
    } catch {
      preconditionFailure("what is written is refused: \(error)")
    }
    precondition(
      again.differences(from: recipe).isEmpty, "\(again.differences(from: recipe))")
  }

  /// What is drawn may be refused still: a range of numbers for what must be whole.
  private static func check(search json: JSONValue) {
    guard let space = try? SearchSpace(json) else { return }
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<8 {
      var recipe = Recipe()
      for setting in space.draw(&generator) { _ = try? recipe.set(setting.key, to: setting.value) }
    }
  }

  private static func check(record json: JSONValue) {
    guard let record = TrialRecord(json) else { return }
    let again = (try? JSONText(parsing: Array(record.line.utf8.dropLast()))).flatMap { try? JSONValue($0) }
      .flatMap { TrialRecord($0) }
    precondition(again?.trial == record.trial && again?.rung == record.rung, "it is not what was written")
  }
}

enum JSONSeeds {
  static let states = [
    #"{"position":{"epoch":1,"step":0,"loss_sum":1.5,"correct":2,"pictures":9,"seconds":0.5,"learning_rate":0.001,"#
      + #""plateau_scale":1,"plateau_best":null,"plateau_epochs":0,"best_epoch":1,"best_accuracy":0.5,"finished":false},"#
      + #""history":[{"epoch":1,"loss":1.9,"accuracy":0.3,"val_loss":2,"val_accuracy":0.25,"learning_rate":0.001}]}"#
  ]

  static let recipes = [
    Recipe().text,
    #"{"_what":"a comment","architecture":"compact","filters":[4,8],"kernels":[3],"dense_units":[16],"size":16}"#,
    #"{"epochs":10,"optimizer":"sgd","learning_rate":0.03,"momentum":0.9,"nesterov":true,"schedule":"step"}"#,
    #"{"flip":true,"rotation":8,"zoom":0.1,"shift":0.08,"erasing":0.2,"crop":44,"standardize":true}"#,
    #"{"augmentation":{"flip":0.5,"scale":[0.9,1.1],"erasing":{"probability":0.5,"area":[0.02,0.3],"aspect":[1,3]},"#
      + #""blur":{"probability":0.1,"sigma":[0.5,2]},"downscale":{"probability":0.1,"factor":[0.5,1]},"crop_margin":2}}"#,
    #"{"from":"a.keras","from_scratch":true,"clip_norm":null,"dropout":null}"#,
  ]

  static let searches = [
    #"{"learning_rate":{"min":1e-4,"max":1e-2,"scale":"log"},"batch_size":[32,64],"dropout":{"min":0.1,"max":0.6}}"#,
    #"{"filters":[[64,128],[128,256]],"optimizer":["adam","adamw"],"step_epochs":{"min":1,"max":9,"whole":true}}"#,
  ]

  static let records = [
    #"{"type":"trial","trial":"1-2","search":"0f","trial_seed":1,"number":2,"rung":0,"epochs":3,"status":"ok","val_accuracy":0.5,"#
      + #""val_loss":1.25,"seconds":0.125,"settings":{"learning_rate":0.001,"filters":[64,128]}}"#,
    #"{"type":"trial","trial_seed":-1,"number":0,"rung":1,"epochs":9,"status":"failed","message":"no \"loss\"","#
      + #""settings":{}}"#,
  ]

  static let words =
    Recipe.keys.map { "\"\($0.name)\":" } + Recipe.augmentationKeys.map { "\"\($0.name)\":" }
      + #"""
      "min": "max": "scale": "whole": "log" "linear" true false null 1e308 -1e308 5e-324 9223372036854775807 -0 [] {} [[
      "probability": "area": "aspect": "fill": "sigma": "factor": "adam" "adamw" "sgd" "cosine" "classic" "compact"
      "trial" "settings": "status": "ok" "failed" "message": "_what": \u0000 \ud83d
      """#
    .split { $0 == " " || $0 == "\n" }.map(String.init)
}

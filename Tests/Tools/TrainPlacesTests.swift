import Foundation
import Testing

extension TrainingToolTests {
  /// Where fm-train writes: what cannot be written is known before the work, or said with what there is.
  struct TrainPlacesTests {
    static let options =
      "--architecture compact --filters 4,8 --size 16 --batch-size 16 --threads 1"
    let folder: ToolFolder

    init() throws {
      folder = try ToolFolder()
      try ShapePictures.write("train", in: folder, count: 10, seed: 1)
      try ShapePictures.write("validation", in: folder, count: 5, seed: 2)
    }

    private func fit(_ rest: String) -> String { "fm-train m.keras train \(Self.options) \(rest)" }

    @Test(arguments: [
      ("m.keras train --report file", "file: cannot make the folder: Not a directory"),
      ("m.keras train --report file/below", "file: cannot make the folder: Not a directory"),
      ("folder.keras train", "folder.keras: cannot write: Is a directory"),
      ("folder.keras train --continue", "folder.keras: cannot write: Is a directory"),
      ("tune folder.keras train -v validation", "folder.keras: cannot write: Is a directory"),
      ("evaluate m.keras train --report file", "file: cannot make the folder: Not a directory"),
    ])
    func placesThatCannotBe(_ rest: String, _ words: String) throws {
      try folder.write("", to: "file")
      try FileManager.default.createDirectory(
        atPath: folder["folder.keras"], withIntermediateDirectories: true)
      let result = try folder.run("fm-train \(rest)")
      #expect(result.status == 74 && result.output.isEmpty, "\(result.messages)")
      #expect(result.messages == "fm-train: \(words)\n")
      #expect(folder.names == ["file", "folder.keras", "train", "validation"])
    }

    @Test func theModelStandsWithoutItsReport() throws {
      let gate = folder["m.report/predictions.csv"]
      try FileManager.default.createDirectory(atPath: gate, withIntermediateDirectories: true)
      let command = fit("-v validation -e 1")
      let result = try folder.run(command)
      #expect(result.status == 74, "\(result.messages)")
      #expect(
        result.messages.contains("the model m.keras is written; the same command writes the report"),
        "\(result.messages)")
      let model = folder.data("m.keras")
      #expect(!model.isEmpty && folder.exists("m.keras.checkpoint"))
      try FileManager.default.removeItem(atPath: gate)
      let again = try folder.run(command)
      #expect(again.status == 0 && folder.exists("m.report/report.json"), "\(again.messages)")
      #expect(!folder.exists("m.keras.checkpoint") && folder.data("m.keras") == model)
    }

    /// An epoch's result is not lost with the reader of the messages.
    @Test func noRoomForWhatIsPrinted() throws {
      let command = fit("-e 3 --no-report")
      let full = "\(command)>/dev/full".replacingOccurrences(of: " ", with: "${IFS}")
      let result = try folder.run("bash -c \(full)")
      #expect(result.status == 75, "\(result.messages)")
      #expect(result.messages == "fm-train: standard output: writing: No space left on device\n")
      #expect(folder.names == ["m.keras.checkpoint", "train", "validation"])
      let again = try folder.run(command)
      #expect(again.status == 0, "\(again.messages)")
      #expect(again.messages == "fm-train: resuming from the checkpoint after 1 epoch\n")
      #expect(again.text.hasPrefix("epoch 2: "), "\(again.text)")
    }

    @Test func aSearchThatComesToNothing() throws {
      // No epoch is left for the cosine.
      try folder.write(#"{"warm_up":[5],"schedule":["cosine"]}"#, to: "none.json")
      let command = "fm-train tune t.keras train -v validation \(Self.options) --trials 2 --epochs 2"
      for _ in 0..<2 {
        let result = try folder.run("\(command) --search none.json")
        #expect(result.status == 1 && !folder.exists("t.keras"), "\(result.messages)")
        #expect(
          result.messages.hasSuffix("fm-train: tuning: no trial gave a model; see t.trials.ndjson\n"),
          "\(result.messages)")
      }
      // The corrected search is another one.
      try folder.write(#"{"learning_rate":[0.002,0.004]}"#, to: "some.json")
      let records = folder.data("t.trials.ndjson")
      let other = try folder.run("\(command) --search some.json")
      #expect(other.status == 64 && other.messages.contains("trials of another search"), "\(other.messages)")
      #expect(folder.data("t.trials.ndjson") == records)
      let named = try folder.run("\(command) --search some.json --records some.ndjson")
      #expect(named.status == 0, "\(named.messages)")
      // One of two trials is trained to the end, and the last line but one says for how long the best was.
      let last = try #require(named.text.split(separator: "\n").dropLast().last)
      #expect(
        last.wholeMatch(of: /all 2 trials are complete; the best, 1-. after [12] epochs?, .* %, is t.keras/)
          != nil)
      #expect(named.text.contains(", 2 epochs: "), "\(named.text)")
    }

    @Test func aFinishedModelIsNoSearchsToReplace() throws {
      #expect(try folder.run(fit("-v validation -e 1 --no-report")).status == 0)
      let model = folder.data("m.keras")
      let result = try folder.run(
        "fm-train tune m.keras train -v validation \(Self.options) --trials 1 --epochs 1")
      #expect(result.status == 64 && result.output.isEmpty, "\(result.messages)")
      #expect(
        result.messages.contains("m.keras: tuning: it exists, and is of an unknown"), "\(result.messages)")
      #expect(folder.names == ["m.keras", "train", "validation"] && folder.data("m.keras") == model)
    }
  }
}

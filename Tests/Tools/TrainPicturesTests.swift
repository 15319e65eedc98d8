import Foundation
import Testing

extension TrainingToolTests {
  /// What fm-train reports about its pictures: those skipped, those listed twice, and those a figure is about.
  struct TrainPicturesTests {
    static let options =
      "--architecture compact --filters 4 --size 16 --batch-size 16 --learning-rate 0.004 --threads 1 -e 1"
    let folder: ToolFolder

    init() throws {
      folder = try ToolFolder()
      try ShapePictures.write("train", in: folder, count: 12, seed: 1)
      try ShapePictures.write("validation", in: folder, count: 8, seed: 2)
    }

    private func fit(_ rest: String, set: String = "train") throws -> RunningPipe.Result {
      try folder.run("fm-train m.keras \(set) \(Self.options) \(rest)")
    }

    @Test(arguments: [
      ("m.keras - --manifest nope.csv", "--manifest is for folders"),
      ("m.keras - --manifest nope.csv --votes x_", "--manifest is for folders"),
      ("m.keras - --cache nope.cache", "--cache is for folders"),
      ("m.keras - -v -", "standard input can be read only once"),
      ("tune t.keras - -v -", "standard input can be read only once"),
      ("evaluate m.keras - --cache nope.cache", "--cache is for folders"),
      ("calibrate m.keras - --manifest nope.csv", "--manifest is for folders"),
    ])
    func optionsForFoldersMeanNothingForAStream(_ line: String, _ words: String) throws {
      let result = try folder.run("fm-train \(line)")
      #expect(result.status == 64 && result.messages.contains(words), "\(result.messages)")
      #expect(folder.names == ["train", "validation"])
    }

    @Test func picturesOfBothSetsAreTold() throws {
      for set in ["train", "validation"] {
        let result = try fit("-v \(set) --no-report --restart")
        #expect(result.status == 0, "\(result.messages)")
        let words = "train: 36 of 36 validation pictures are training pictures"
        #expect(result.messages.contains(words) == (set == "train"), "\(result.messages)")
      }
      // The model was validated with others, and still knows what it was trained with.
      for set in ["train", "validation"] {
        let result = try folder.run("fm-train calibrate m.keras \(set) -o c.keras")
        #expect(result.status == 0, "\(result.messages)")
        let words = "\(set): the model was trained on these pictures"
        #expect(result.messages.contains(words) == (set == "train"), "\(result.messages)")
      }
    }

    @Test func filesThatAreNoPicturesByNameAreTold() throws {
      for name in ["train/disc/noext", "train/cross/e.heic"] {
        try folder.write(folder.data("train/disc/0.pgm"), to: name)
      }
      let plain = try fit("--no-report")
      let words = "fm-train: train: 2 files skipped: not images by extension\n"
      #expect(plain.status == 0 && plain.messages == words, "\(plain.messages)")
      let verbose = try fit("--no-report --restart --verbose")
      for name in ["cross/e.heic", "disc/noext"] {
        #expect(verbose.messages.contains("train: skipped: \(name)\n"), "\(verbose.messages)")
      }
    }

    @Test func allPicturesInOneFolder() throws {
      try ShapePictures.write("flat", in: folder, count: 12, seed: 1, classes: ["imgs"])
      let rows = (0..<12).map { "imgs/\($0).pgm,\($0 % 2 == 0 ? "even" : #""odd,or""#)" }
      try folder.write((["filename,label"] + rows).joined(separator: "\n") + "\n", to: "list.csv")
      let result = try fit(#"--manifest list.csv --no-report --class-weights "odd,or=2",even=1"#, set: "flat")
      #expect(result.status == 0, "\(result.messages)")
      let shown = String(decoding: try folder.succeed("fm-train show m.keras"), as: UTF8.self)
      #expect(shown.contains("\nClasses: even, \"odd,or\"\n"), "\(shown)")
      let renamed = try folder.succeed(#"fm-train show m.keras --classes "x,y",z"#)
      #expect(String(decoding: renamed, as: UTF8.self).contains("\nClasses: \"x,y\", z\n"))
    }

    /// Pictures without classes have none to be few of.
    @Test func loosePicturesCalibrate() throws {
      #expect(try fit("--no-report").status == 0)
      try ShapePictures.write(".", in: folder, count: 6, seed: 3, classes: ["loose"])
      let result = try folder.run("fm-train quantize m.keras --calibration loose -o q.keras")
      #expect(result.status == 0 && result.messages.isEmpty, "\(result.messages)")
      #expect(result.text.contains("no accuracy measured"), "\(result.text)")
    }

    @Test func whatCannotBeComparedIsNotMarked() throws {
      #expect(try fit("-v validation").status == 0)
      for (views, report) in [("single", "same.report"), ("flip", "flip.report")] {
        try folder.succeed("fm-train evaluate m.keras validation --views \(views) --report \(report)")
      }
      let same = try folder.run("fm-train compare m.report same.report")
      #expect(same.status == 0 && same.messages.isEmpty, "\(same.messages)")
      let other = try folder.run("fm-train compare m.report flip.report -o c.svg")
      let words = "fm-train: the reports differ in views: their figures cannot be compared"
      #expect(other.status == 0 && other.messages.hasPrefix(words), "\(other.messages)")
      #expect(!other.text.contains("*") && other.text.contains(" flip "), "\(other.text)")
      #expect(folder.exists("c.svg"))
      // Also the figures of the two differ, by what they say they are of.
      #expect(folder.data("m.report/examples.svg") != folder.data("same.report/examples.svg"))
    }
  }
}

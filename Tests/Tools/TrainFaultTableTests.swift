import Foundation
import Testing

extension TrainingToolTests {
  /// What can happen to fm-train at work, a row each: its exit status, what is left beside the pictures, and that the
  /// same command then ends with the model of a training to which nothing happened.
  struct TrainFaultTableTests: FaultTable {
    static let tools = ["fm-train"]

    enum Fault: Sendable {
      /// In the middle of the training.
      case signal(Int32)
      /// Stopped for a while, then continued, some times.
      case pause
      /// The reader of its lines goes away.
      case closedPipe
      /// The folder of the pictures is moved away while it trains.
      case vanishedData
      /// The same, after a signal and before the training resumes.
      case vanishedBeforeResuming
      /// The model is to be on a file system with these options.
      case disk(String)
    }

    /// The names of what is left beside the pictures.
    typealias Output = [String]

    /// A row without a message: nothing at all is said.
    typealias Row = FaultRow<Self>

    private static let goesOn =
      "m.keras.checkpoint: contains everything done so far; the same command resumes from it"

    static let rows: [Row] = [
      Row(fault: .signal(SIGINT), statuses: [128 + SIGINT], output: ["m.keras.checkpoint"], message: goesOn),
      Row(
        fault: .signal(SIGTERM), statuses: [128 + SIGTERM], output: ["m.keras.checkpoint"], message: goesOn),
      Row(fault: .signal(SIGKILL), statuses: [128 + SIGKILL], output: ["m.keras.checkpoint"]),
      Row(fault: .pause, statuses: [0], output: ["m.keras"]),
      Row(fault: .closedPipe, statuses: [128 + SIGPIPE], output: ["m.keras.checkpoint"]),
      // The pictures are in memory.
      Row(fault: .vanishedData, statuses: [0], output: ["m.keras"]),
      Row(
        fault: .vanishedBeforeResuming, statuses: [74], output: ["m.keras.checkpoint"],
        message: "m.keras.checkpoint: kept; run the same command when the pictures are available again"),
    ]

    static let diskRows: [Row] = [
      // Not even a checkpoint.
      Row(
        fault: .disk("size=8k"), statuses: [75], output: [],
        message: "m.keras.checkpoint: writing: No space left on device"),
      // Checkpoints, but not the model.
      Row(
        fault: .disk("size=48k"), statuses: [75], output: ["m.keras.checkpoint"],
        message: "m.keras: writing: No space left on device"),
      Row(
        fault: .disk("ro"), statuses: [74], output: [],
        message: "m.keras: cannot write: disk/.m.keras.lock: Read-only file system"),
    ]

    private static let options =
      "--architecture compact --size 16 --batch-size 16 --threads 1 --no-report "
      + "--checkpoint-minutes 0.00001"
    let folder: ToolFolder

    init() throws {
      folder = try ToolFolder()
      try ShapePictures.write("train", in: folder, count: 20, seed: 1)
    }

    private func fit(_ model: String = "m.keras", epochs: Int = 120, filters: Int = 4) -> String {
      let filters = [Int](repeating: filters, count: 3).map { "\($0)" }.joined(separator: ",")
      return "fm-train \(model) train \(Self.options) --epochs \(epochs) --filters \(filters)"
    }

    /// All but the pictures, and but the unfinished files that only SIGKILL may leave.
    private func left(in place: String = ".", hidden: Bool = true) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder[place]).sorted().filter {
        !["train", "gone", "disk", "whole.keras"].contains($0) && (hidden || !$0.hasPrefix("."))
      }
    }

    private func movePictures(_ from: String, _ to: String) throws {
      try FileManager.default.moveItem(atPath: folder[from], toPath: folder[to])
    }

    @Test(arguments: rows) func endsAsTheTableSays(_ row: Row) throws {
      // Long enough to be in the middle of it when the fault comes, also where checkpoints take no time.
      let filters = if case .closedPipe = row.fault { 4 } else { 32 }
      #expect(try folder.run(fit("whole.keras", filters: filters)).status == 0)
      let result = try suffer(row.fault, filters)
      #expect(result.statuses[0] == row.statuses[0], "\(result.messages)")
      #expect(row.message.isEmpty ? result.messages == "" : result.messages.contains(row.message))
      var mayLeavePart = false
      if case .signal(SIGKILL) = row.fault { mayLeavePart = true }
      #expect(try left(hidden: !mayLeavePart) == row.output)
      if folder.exists("gone") { try movePictures("gone", "train") }
      if !folder.exists("m.keras") {
        let last = try folder.run(fit(filters: filters))
        #expect(
          last.status == 0 && last.messages.contains("resuming from the checkpoint"), "\(last.messages)")
      }
      #expect(try left(hidden: !mayLeavePart) == ["m.keras"])
      #expect(!folder.data("m.keras").isEmpty && folder.data("m.keras") == folder.data("whole.keras"))
    }

    private func suffer(_ fault: Fault, _ filters: Int) throws -> RunningPipe.Result {
      let fit = fit(filters: filters)
      if case .closedPipe = fault { return try folder.run("\(fit) | head -c 100", within: 20) }
      let pipe = try folder.start(fit)
      #expect(pipe.wait { folder.exists("m.keras.checkpoint") })
      switch fault {
      case .signal(let number): pipe.signal(number)
      case .pause:
        for _ in 0..<3 {
          pipe.signal(SIGSTOP)
          usleep(60_000)
          pipe.signal(SIGCONT)
          usleep(5_000)
        }
      case .vanishedData: try movePictures("train", "gone")
      case .vanishedBeforeResuming:
        pipe.signal(SIGINT)
        #expect(pipe.finish(within: 10).status == 128 + SIGINT)
        try movePictures("train", "gone")
        return try folder.run(fit, within: 20)
      case .closedPipe, .disk: break
      }
      return pipe.finish(within: 60)
    }

    @Test(
      .enabled(if: ToolTests.FaultTableTests.canMount, "a file system cannot be mounted here"),
      arguments: diskRows)
    func onADiskThatTakesNoMore(_ row: Row) throws {
      guard case .disk(let options) = row.fault else {
        Issue.record("a row of the other table")
        return
      }
      try FileManager.default.createDirectory(atPath: folder["disk"], withIntermediateDirectories: true)
      try #require(try folder.run("mount -t tmpfs -o \(options) tmpfs disk").status == 0)
      defer { _ = try? folder.run("umount -l disk") }
      let result = try folder.run(fit("disk/m.keras", epochs: 4), within: 20)
      #expect(
        result.statuses == row.statuses && result.messages.contains("disk/" + row.message),
        "\(result.messages)")
      #expect(try left(in: "disk") == row.output)
      // With room the same command does it.
      try #require(try folder.run("mount -o remount,rw,size=4m disk").status == 0)
      let again = try folder.run(fit("disk/m.keras", epochs: 4), within: 20)
      #expect(again.status == 0, "\(again.messages)")
      #expect(again.messages.isEmpty == row.output.isEmpty, "\(again.messages)")
      #expect(try left(in: "disk") == ["m.keras"])
      #expect(try folder.run(fit("whole.keras", epochs: 4)).status == 0)
      #expect(folder.data("disk/m.keras") == folder.data("whole.keras"))
    }

    /// Pictures from standard input, of which there are none: a cut stream, as for the other tools.
    @Test(arguments: ["", "<&-"]) func withoutInput(_ redirection: String) throws {
      let command = fit().replacingOccurrences(of: " train ", with: " - ")
      let result =
        redirection.isEmpty
        ? try folder.run(command, within: 10)
        : try folder.run(
          "bash -c \(command.replacingOccurrences(of: " ", with: "${IFS}"))\(redirection)", within: 10)
      #expect(result.status == 74)
      #expect(
        result.messages.hasPrefix("fm-train: standard input: input cut short: it is empty"),
        "\(result.messages)")
      #expect(result.messages.split(separator: "\n").count == 1)
      #expect(try left().isEmpty)
    }
  }
}

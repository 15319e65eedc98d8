import ExpressionTraining
import FrameStream
import Glibc
import PictureData
import TrainingReports

extension WorstInput {
  static let tables: [WorstInput] = [
    manifest("rows") { bytes("filename,label\n", $0, "") { _ in "a,b\n" } },
    manifest("columns of votes") { bytes("filename,label" + votes, $0, "") { "\($0),b" + zeros } },
    manifest("one field") { bytes("filename,label\n\"", min($0, 1_000_000), "\",b\n") { _ in "\"\"" } },
    manifest("one header") { bytes("filename,label", min($0, 40_000), "\n") { ",v_\($0)" } },
    WorstInput(
      name: "checkpoint: arrays",
      make: { count in
        bytes("fm-checkpoint 1\n{\"state\":{},\"arrays\":[[\"a\",0]", count, "]}\n        ") {
          ",[\"\($0)\",0]"
        }
      },
      read: { bytes in
        inFile(bytes) { path in
          _ = try? TrainingCheckpoint.isOfFinishedTraining(path, history: TrainingHistory())
        }
      }),
    WorstInput(
      name: "trials: promoted ones",
      make: { count in
        bytes("", count, "") { number in
          let rung = number % 2
          return
            #"{"type":"trial","trial_seed":1,"number":\#(number / 2),"rung":\#(rung),"epochs":1,"status":"ok","#
            + #""val_accuracy":0.5,"settings":{}}"# + "\n"
        }
      },
      read: { bytes in
        inFile(bytes) { path in
          let records = (try? TrialRecords(path: path).read()) ?? []
          _ = SuccessiveHalving(first: 1, epochs: 9, reduction: 2).promotion(records, seed: 1)
        }
      }),
    WorstInput(
      name: "report: history",
      make: { count in bytes("epoch,loss\n", count, "") { "\($0 + 1),1\n" } },
      read: { bytes in
        _ = try? TrainingHistory(csv: bytes)
      }),
  ]

  private static let votes = (0..<200).map { ",v_\($0)" }.joined() + "\n"
  private static let zeros = String(repeating: ",0", count: 199) + ",1\n"

  private static func manifest(_ name: String, _ make: @escaping @Sendable (Int) -> [UInt8]) -> WorstInput {
    WorstInput(name: "manifest: " + name, make: make) { bytes in
      // With votes where there are any.
      let votes = bytes.prefix(40).contains(UInt8(ascii: "v")) ? VoteRule(prefix: "v_") : nil
      _ = bytes.withUnsafeBytes { try? Manifest(parsing: $0, votes: votes) }
    }
  }

  private static func inFile(_ bytes: [UInt8], _ body: (String) -> Void) {
    let path = "/tmp/worst-input-\(getpid())"
    guard let file = fopen(path, "w") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    defer { unlink(path) }
    body(path)
  }
}

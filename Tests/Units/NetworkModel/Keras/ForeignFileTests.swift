import KerasWriting
import ModelFixtures
import SystemIO
import Testing

@testable import NetworkModel

/// Files that are taken for models are called what they are.
struct ForeignFileTests {
  private func refusal(_ bytes: [UInt8]) -> Failure? {
    do {
      _ = try ModelFile(bytes: bytes)
      return nil
    } catch { return error }
  }

  @Test func whatTheFirstBytesShow() {
    let files: [([UInt8], String)] = [
      (Array("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n".utf8), "git lfs pull"),
      (Array("\n  <!DOCTYPE html>\n<html>".utf8), "an HTML page"),
      (Array("<HTML lang=en>".utf8), "an HTML page"),
      ([0x1F, 0x8B, 8, 0], "gzip"), (Array("\u{1C}\0\0\0TFL3".utf8), "TensorFlow Lite"), ([], "empty"),
      (Array("text".utf8), "neither a .keras archive nor an HDF5 file"),
    ]
    for (bytes, words) in files {
      let failure = refusal(bytes)
      #expect(failure?.kind == .badInput && failure?.cause.contains(words) == true, "\(words)")
    }
  }

  @Test func filesThatWereCutShort() throws {
    let archive = try SmallModel.make().bytes()
    #expect(refusal(archive) == nil)
    for count in [4, 100, archive.count / 2, archive.count - 30] {
      #expect(refusal(Array(archive[..<count]))?.cause.contains("cut short") == true, "\(count)")
    }
    let contents = try ZipArchive(FileContents(archive)).member("model.weights.h5", limit: 1 << 24)
    let weights = contents.withBytes { Array($0) }
    // Keras 3's weights alone.
    #expect(refusal(weights)?.cause.contains("weights without the network") == true)
    for count in [64, weights.count / 2, weights.count - 1] {
      let failure = refusal(Array(weights[..<count]))
      #expect(failure?.cause == "the file is cut short: \(count) of \(weights.count) bytes")
    }
  }
}

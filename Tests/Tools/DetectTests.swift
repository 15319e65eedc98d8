import Foundation
import Testing

extension ToolTests {
  /// fm-detect's and fm-classify's options.
  @Suite(.enabled(if: Fixtures.hasPortrait))
  struct DetectTests {
    let folder: ToolFolder
    let stream: String

    init() throws {
      folder = try ToolFolder()
      stream = folder["in.fm"]
      try folder.succeed("fm-decode --frames 10 --no-audio \(Fixtures.face) -o \(stream)")
    }

    private func records(_ command: String) throws -> StreamRecords {
      try StreamRecords(try folder.succeed(command), in: folder)
    }

    private func boxes(_ records: StreamRecords) -> [[[Int]]] {
      records.faces.map { $0.map { $0["box"] as? [Int] ?? [] } }
    }

    @Test func everyNthFrameIsSearched() throws {
      let all = try records("fm-detect \(stream)")
      let some = try records("fm-detect --every 4 \(stream)")
      #expect(all.faces.joined().allSatisfy { $0["held"] == nil })
      let (allBoxes, someBoxes) = (boxes(all), boxes(some))
      for index in 0..<10 {
        #expect(someBoxes[index] == allBoxes[index / 4 * 4], "frame \(index)")
        #expect(some.faces[index].allSatisfy { ($0["held"] as? Bool ?? false) == (index % 4 != 0) })
      }
    }

    @Test func sizesAndRegionsLimitWhatIsFound() throws {
      let all = boxes(try records("fm-detect \(stream)")).joined()
      let side = try #require(all.first?[2])
      #expect(boxes(try records("fm-detect --min-size \(side * 2) \(stream)")).joined().isEmpty)
      #expect(
        boxes(try records("fm-detect --max-size \(side / 2) \(stream)")).joined().allSatisfy {
          $0[2] <= side / 2
        })
      #expect(boxes(try records("fm-detect --region 0,0,30,30 \(stream)")).joined().isEmpty)
      let raw = try records("fm-detect --min-neighbors 0 \(stream)")
      #expect(raw.faces.joined().count > all.count)
    }

    @Test func severalCascadesAndParts() throws {
      let kept = try records("fm-detect -c frontalface_alt -c frontalface_default --overlaps keep \(stream)")
      let names = Set(kept.faces.joined().compactMap { $0["cascade"] as? String })
      #expect(names == ["frontalface_alt", "frontalface_default"])
      let merged = try records("fm-detect -c frontalface_alt -c frontalface_default \(stream)")
      #expect(merged.faces.joined().count < kept.faces.joined().count)
      let eyes = try records("fm-detect --nested eye \(stream)")
      #expect(eyes.faces.joined().contains { !($0["parts"] as? [Any] ?? []).isEmpty })
    }

    @Test func cascadesByEnvironment() throws {
      let file = "/usr/share/opencv4/haarcascades/haarcascade_frontalface_alt.xml"
      try folder.write(FileManager.default.contents(atPath: file) ?? Data(), to: "haarcascade_mine.xml")
      let mine = try folder.run("fm-detect -c mine \(stream)", environment: ["FM_CASCADE_PATH": folder.path])
      #expect(mine.status == 0, "\(mine.messages)")
      let usual = try records("fm-detect \(stream)")
      #expect(try boxes(StreamRecords(mine.output, in: folder)) == boxes(usual))
      let simd = try folder.run("fm-detect \(stream)", environment: ["FM_SIMD": "nonsense"])
      #expect(simd.status == 64 && simd.messages.contains("nonsense"), "\(simd.status) \(simd.messages)")
      let plain = try folder.run("fm-detect \(stream)", environment: ["FM_SIMD": "plain"])
      #expect(plain.output == (try folder.succeed("fm-detect \(stream)")))
    }

    /// The instructions of the network's own kernels follow the same variable.
    @Test func instructionsOfTheClassifier() throws {
      let found = folder["found.fm"]
      try folder.succeed("fm-detect \(stream) -o \(found)")
      let nonsense = try folder.run("fm-classify \(found)", environment: ["FM_SIMD": "nonsense"])
      #expect(nonsense.status == 64 && nonsense.messages.contains("nonsense"), "\(nonsense.messages)")
      let best = try folder.succeed("fm-classify \(found)")
      for level in ["plain", "simd128"] {
        let other = try folder.run("fm-classify \(found)", environment: ["FM_SIMD": level])
        #expect(other.output == best, "\(level): \(other.messages)")
      }
    }

    @Test func classNamesAndScale() throws {
      let found = folder["found.fm"]
      try folder.succeed("fm-detect \(stream) -o \(found)")
      let named = try records("fm-classify --classes a,b,c,d,e,f,g \(found)")
      #expect(
        named.faces.joined().allSatisfy {
          ($0["scores"] as? [String: Any])?.keys.sorted() == ["a", "b", "c", "d", "e", "f", "g"]
        })
      let few = try folder.run("fm-classify --classes a,b \(found)")
      #expect(few.status == 65 || few.status == 64, "\(few.status)")
      #expect(few.messages.contains("7") && few.messages.contains("2"), "\(few.messages)")
      let plain = try records("fm-classify \(found)")
      let dark = try records("fm-classify --input-scale 0 --input-offset 0 \(found)")
      #expect(
        Set(dark.faces.joined().compactMap { $0["confidence"] as? Double }).count == 1, "all see the same")
      #expect(Set(plain.faces.joined().compactMap { $0["confidence"] as? Double }).count > 1)
    }
  }
}

import FrameStream
import Testing

struct FaceTallyTests {
  private func tally(_ lines: [String?]) throws -> FaceTally {
    var tally = FaceTally()
    for line in lines {
      guard let line else {
        tally.add(nil)
        continue
      }
      let record = Record()
      record.line = try RecordLine(line)
      tally.add(record)
    }
    return tally
  }

  @Test func whatIsMissingIsSaid() throws {
    let plain = #"{"type":"frame","seq":0,"pts":0}"#
    let empty = #"{"type":"frame","seq":0,"pts":0,"faces":[]}"#
    let face = #"{"type":"frame","seq":0,"pts":0,"faces":[{"box":[0,0,1,1]},{"box":[0,0,2,2]}]}"#
    let named = #"{"type":"frame","seq":0,"pts":0,"faces":[{"box":[0,0,1,1],"expression":null}]}"#
    #expect(try tally([]).shortcoming == nil)
    #expect(try tally([plain, plain]).shortcoming?.contains("no detector") == true)
    #expect(try tally([nil]).shortcoming?.contains("no detector") == true)
    #expect(try tally([plain, empty, empty]).shortcoming == "no face in any of the 2 frames")
    #expect(try tally([empty]).noFace == "no face in the frame")
    #expect(try tally([empty, face]).shortcoming?.contains("no classifier") == true)
    #expect(try tally([empty, face]).noFace == nil)
    let all = try tally([empty, face, named])
    #expect(all.shortcoming == nil)
    #expect(all.summary == "3 frames, 3 faces in 2 of them")
    #expect(try tally([plain]).summary == "1 frame")
  }
}

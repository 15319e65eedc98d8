import SystemIO
import Testing

struct FailureTests {
  @Test func oneLineSubjectFirst() {
    let failure = Failure(.badInput, step: "bad frame", subject: "frame 118", cause: "no \"pts\"")
    #expect(failure.description == "frame 118: bad frame: no \"pts\"")
    #expect(failure.within("party.fm").description == "party.fm: frame 118: bad frame: no \"pts\"")
    #expect(failure.within("party.fm").kind == .badInput)
    #expect(Failure(.usage, step: "", cause: "why").description == "why")
    #expect(Failure(.failed, step: "reading", cause: "why").within("a").description == "a: reading: why")
  }
}

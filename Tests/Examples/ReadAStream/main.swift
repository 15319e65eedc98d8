import FrameStream
import SystemIO

let reader = StreamReader(.standardInput)
let record = Record()
var seconds = Rational(1, 1_000_000)
while case .record = try reader.read(into: record) {
  switch record.kind {
  case .stream:
    seconds = try StreamHeader(record.line).timeBase
  case .frame:
    let time = Double(record.presentationTime) * Double(seconds.numerator) / Double(seconds.denominator)
    for face in try record.faces() ?? [] {
      print(time, face.box.x, face.box.y, face.expression ?? "-", face.confidence ?? 0)
    }
  case .end:
    if let failure = try EndRecord(record.line).failure(subject: "standard input") { throw failure }
  case .packet, .other:
    break
  }
}

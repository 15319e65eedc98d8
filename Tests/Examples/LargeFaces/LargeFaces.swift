import FrameStream
import Glibc
import SystemIO

/// Keeps the faces that are at least WIDTH pixels wide: large-faces WIDTH <in.fm >out.fm
@main struct LargeFaces {
  static func main() throws {
    let width = Int(CommandLine.arguments.dropFirst().first ?? "") ?? 64
    let (reader, writer) = (StreamReader(.standardInput), StreamWriter(.standardOutput))
    let record = Record()
    var (faces, frames) = (FaceList(), 0)
    var failure: Failure?
    do throws(Failure) {
      while case .record = try reader.read(into: record) {
        switch record.kind {
        case .stream:
          frames = 0
          try record.line.appendHistory(
            HistoryEntry(name: "large-faces", version: "1", arguments: [String(width)]))
        case .frame:
          frames += 1
          guard let found = try record.faces() else { break }
          faces.removeAll()
          for face in found where face.box.width >= width { faces.append(face, FaceFields()) }
          record.line.setFaces(faces)
        case .end: failure = try EndRecord(record.line).failure(subject: "standard input") ?? failure
        case .packet, .other: break
        }
        try writer.write(record)
      }
    } catch {
      failure = error
      var end = RecordLine()
      end.assign(EndRecord(frames: frames, status: .error, message: "large-faces: \(error)"))
      try writer.write(end)
    }
    guard let failure else { return }
    try Array("large-faces: \(failure)\n".utf8).withUnsafeBytes { try Descriptor.standardError.write($0) }
    exit(1)
  }
}

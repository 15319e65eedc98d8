import FaceDrawing
import FilterTool
import FrameStream
import SystemIO

/// The findings of a stream without pixels, taken frame by frame beside a stream that has only pixels.
final class FaceFindings {
  private let reader: StreamReader
  private let name: String
  private let record = Record()
  private var hasRecord = false
  private var hasEnded = false

  init(_ path: String, _ tool: Tool) throws(Failure) {
    reader = try StreamOptions.openInput(path, tool).reader
    name = path
  }

  /// The record of the frame with this number; nil if the file has none. Both go forward only.
  func frame(_ sequence: Int) throws(Failure) -> Record? {
    while !hasEnded, !hasRecord || record.kind != .frame || record.sequence < sequence {
      do throws(Failure) {
        guard case .record = try reader.read(into: record) else {
          hasEnded = true
          return nil
        }
      } catch {
        throw error.within(name)
      }
      hasRecord = true
    }
    return !hasEnded && record.sequence == sequence ? record : nil
  }
}

extension Record {
  /// What is to be drawn for this frame's faces.
  func marks() throws(Failure) -> [FaceMark] {
    (try faces() ?? []).map { face in
      var classIndex: Int?
      let expression = face.text["expression"]?.string
      if let expression, let scores = face.text["scores"] {
        var index = 0
        try? scores.forEachField { (key, _) in
          if classIndex == nil, key.string == expression { classIndex = index }
          index += 1
        }
      }
      return FaceMark(
        x: face.x, y: face.y, width: face.width, height: face.height, expression: expression,
        confidence: face.text["confidence"]?.double, classIndex: classIndex,
        isHeld: face.text["held"]?.bool ?? false)
    }
  }
}

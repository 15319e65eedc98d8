import FrameStream
import SystemIO

/// `html`: stub.
final class HTMLReport: FindingsWriter {
  init(_ output: TextOutput, _ options: ExportOptions) {}
  func finish(_ findings: Findings) throws(Failure) {}
}

import Glibc
import SystemIO

/// The bytes of a file of at most `limit` bytes.
func readWholeFile(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
  func failure(_ step: String, _ error: Int32) -> Failure {
    Failure(.inputOutput, step: step, subject: path, cause: String(cString: strerror(error)))
  }
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw failure("cannot open", errno) }
  defer { close(file) }
  var status = stat()
  guard fstat(file, &status) == 0 else { throw failure("cannot read", errno) }
  guard status.st_mode & S_IFMT != S_IFDIR else { throw failure("cannot read", EISDIR) }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(min(limit, max(0, Int(status.st_size))) + 1)
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(file, &chunk, chunk.count)
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { throw failure("cannot read", errno) }
    if count == 0 { return bytes }
    bytes.append(contentsOf: chunk[0..<count])
    guard bytes.count <= limit else {
      throw Failure(
        .badInput, step: "reading cascade", subject: path, cause: "the file is larger than \(limit) bytes")
    }
  }
}

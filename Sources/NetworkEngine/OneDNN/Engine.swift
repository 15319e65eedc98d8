import COneDNN
import Glibc
import SystemIO

/// oneDNN's CPU engine and one of its streams (`dnnl_engine_t`, `dnnl_stream_t`): where primitives are made and run.
///
/// One engine belongs to one network; it is not to be used by two threads at once.
final class Engine {
  let engine: dnnl_engine_t
  let stream: dnnl_stream_t
  /// Threads that run a primitive; 0 for as many as OpenMP would use.
  let threads: Int

  init(threads: Int = 0) throws(Failure) {
    if let problem = cdnnl_load() {
      throw Failure(.failed, step: "cannot load oneDNN", cause: String(cString: problem))
    }
    self.threads = threads > 0 ? threads : Engine.bound
    var engine: dnnl_engine_t?
    try check(cdnnl_engine_create(&engine), "CPU engine")
    var stream: dnnl_stream_t?
    let status = cdnnl_stream_create(&stream, engine)
    guard status == dnnl_success, let engine, let stream else {
      cdnnl_engine_destroy(engine)
      throw Failure(.failed, step: "oneDNN", subject: "stream", cause: "status \(status.rawValue)")
    }
    self.engine = engine
    self.stream = stream
  }

  deinit {
    cdnnl_stream_destroy(stream)
    cdnnl_engine_destroy(engine)
  }

  /// OpenMP sees on how many processors the process may run, but no other bound on them, unless a variable says it.
  private static var bound: Int {
    let count = Processors.available
    return getenv("OMP_NUM_THREADS") == nil && count < Int(cdnnl_get_threads()) ? count : 0
  }

  /// Gives the calling thread this engine's number of threads: a setting that each thread has for itself.
  func adoptThreads() {
    let count = cdnnl_get_threads()
    let wanted = threads > 0 ? Int32(threads) : count
    if cdnnl_usable_threads(wanted) != count { _ = cdnnl_set_threads(wanted) }
  }

  /// Makes primitives that are divided into at most `limit` parts; nil means no limit.
  ///
  /// Where the library shares out a sum's terms among its parts, the order in which they are added, so the last bits of
  /// the result, would follow from how many there are.
  func limited<Result>(to limit: Int?, _ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    let parts = cdnnl_get_parts()
    guard let limit, parts > limit else { return try body() }
    cdnnl_set_parts(Int32(limit))
    defer { cdnnl_set_parts(parts) }
    return try body()
  }
}

/// Turns oneDNN's status into a ``Failure`` that names `subject`.
func check(_ status: dnnl_status_t, _ subject: @autoclosure () -> String) throws(Failure) {
  if status == dnnl_success { return }
  let cause =
    switch status {
    case dnnl_out_of_memory: "out of memory"
    case dnnl_unimplemented: "no implementation for these shapes and types"
    case dnnl_invalid_arguments: "invalid arguments"
    default: "status \(status.rawValue)"
    }
  throw Failure(.failed, step: "oneDNN", subject: subject(), cause: cause)
}

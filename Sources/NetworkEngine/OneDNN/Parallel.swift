import COneDNN

/// Runs `body` over 0..<`count` in pieces, which the threads that run oneDNN's primitives take one after the other: a
/// second set of threads would take their time. Few values are not worth a second one. The pieces must not depend on each
/// other.
package func parallel(_ count: Int, _ threads: Int, least: Int = 1 << 15, _ body: (Range<Int>) -> Void) {
  guard threads > 1, count >= least else { return body(0..<count) }
  withoutActuallyEscaping(body) { body in
    // Whole cache lines for each, where it is values that are counted.
    let work = ParallelWork(count: count, unit: least < 1 << 15 ? 1 : 64, body: body)
    withUnsafePointer(to: work) { work in
      cdnnl_parallel(
        { context, part, parts in
          context?.assumingMemoryBound(to: ParallelWork.self).pointee.run(Int(part), of: Int(parts))
        }, UnsafeMutableRawPointer(mutating: work), Int32(threads))
    }
  }
}

private struct ParallelWork {
  let count, unit: Int
  let body: (Range<Int>) -> Void

  func run(_ part: Int, of parts: Int) {
    let units = (count + unit - 1) / unit
    body(min(units * part / parts * unit, count)..<min(units * (part + 1) / parts * unit, count))
  }
}

/// The order in which Keras lists a Functional model's layers: by their distance from the output, then by the order
/// in which a walk from the output meets them. The names of weight groups follow from it.
package enum KerasOrder {
  /// The calls of each distinct layer (those with one name and one group of weights), in Keras's order.
  package static func calls(_ graph: ModelGraph) -> [[Int]] {
    // Calls of one layer are one operation.
    var operations: [String: Int] = [:]
    var calls: [[Int]] = []
    var operation: [Int] = []
    for (index, layer) in graph.layers.enumerated() {
      let key = layer.identity
      let number = operations[key] ?? calls.count
      if number == calls.count { calls.append([]) }
      operations[key] = number
      calls[number].append(index)
      operation.append(number)
    }

    let (order, met) = walk(graph, operation, calls.count)
    var depths = [Int](repeating: 0, count: graph.layers.count)
    var operationDepths = [Int](repeating: -1, count: calls.count)
    for index in order.reversed() {
      let depth = max(depths[index], operationDepths[operation[index]])
      depths[index] = depth
      operationDepths[operation[index]] = depth
      for input in graph.layers[index].inputs { depths[input] = max(depths[input], depth + 1) }
    }
    // What the output does not depend on is not part of Keras's model; the input always is.
    // Constants stand among the arguments of calls, and are no layers there.
    let listed = calls.indices.filter {
      if case .constant = graph.layers[calls[$0][0]].operation { return false }
      return met[$0] != nil || graph.layers[calls[$0][0]].operation == .input
    }
    let sorted = listed.sorted { a, b in
      (-operationDepths[a], met[a] ?? -1) < (-operationDepths[b], met[b] ?? -1)
    }
    return sorted.map { calls[$0] }
  }

  /// A depth-first walk from the output: calls in the order in which they are finished, and the number at which each
  /// operation is first met.
  private static func walk(_ graph: ModelGraph, _ operation: [Int], _ count: Int) -> (
    order: [Int], met: [Int?]
  ) {
    var order: [Int] = []
    var met = [Int?](repeating: nil, count: count)
    var meetings = 0
    var isFinished = [Bool](repeating: false, count: graph.layers.count)
    // Each entry is a call and the next of its inputs to look at.
    var stack = [(call: graph.output, next: 0)]
    while let (call, next) = stack.last {
      if isFinished[call] {
        stack.removeLast()
        continue
      }
      if met[operation[call]] == nil {
        met[operation[call]] = meetings
        meetings += 1
      }
      let inputs = graph.layers[call].inputs
      if next < inputs.count {
        stack[stack.count - 1].next += 1
        stack.append((inputs[next], 0))
      } else {
        isFinished[call] = true
        order.append(call)
        stack.removeLast()
      }
    }
    return (order, met)
  }
}

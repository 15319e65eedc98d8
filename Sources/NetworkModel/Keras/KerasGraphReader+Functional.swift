import FrameStream
import SystemIO

extension KerasGraphReader {
  /// One call of a layer that waits for its inputs.
  private struct Call {
    var entry: JSONValue
    var arguments: KerasCall
    var weightsPath: WeightNames
  }

  /// Adds a Functional model's layers, each call after those that feed it.
  mutating func functional(_ json: JSONValue, _ prefix: String, _ path: String, _ input: Int?)
    throws(Failure) -> Int
  {
    guard let configuration = json["config"], let list = configuration["layers"]?.array else {
      throw Self.refuse("the Functional model lists no layers")
    }
    try spend(list.count + 1)
    let inputs = try references(configuration["input_layers"])
    let outputs = try references(configuration["output_layers"])
    guard inputs.count == 1, outputs.count == 1 else {
      throw Self.refuse("\(inputs.count) inputs and \(outputs.count) outputs (only one of each is supported)")
    }

    // Results of each layer's calls, by the layer's name.
    var results: [String: [Int]] = [:]
    var waiting: [(name: String, calls: [Call])] = []
    var names = WeightNames(path: path)
    for entry in list {
      guard let name = try Self.name(entry["name"], entry["config"]?["name"]) else {
        throw Self.refuse("a layer has no name")
      }
      // Operations on tensors are no layers, and have no place for weights.
      let isOperation = KerasModule(entry) == .operations
      let group = isOperation ? "" : names.next(try Self.name(entry["class_name"]) ?? "")
      if entry["class_name"]?.string == "InputLayer" {
        guard name == inputs[0].name else {
          throw Self.refuse("input \(name) is a second one; only one is supported")
        }
        if let input {
          results[name] = [input]
        } else {
          results[name] = [try appendInput(shape(entry["config"] ?? .null), name: prefix + name)]
        }
        continue
      }
      var calls: [Call] = []
      for node in entry["inbound_nodes"]?.array ?? [] {
        let arguments: KerasCall
        do throws(Failure) {
          arguments = try KerasCall(node)
        } catch {
          throw error.within("layer \(prefix + name)")
        }
        try spend(1 + arguments.work + arguments.tensors.count)
        calls.append(Call(entry: entry, arguments: arguments, weightsPath: WeightNames(fixed: group)))
      }
      waiting.append((name, calls))
    }

    var output = outputs[0]
    Self.countFromZero(&waiting, &output)

    // In the order of the list; a call that lacks a result is tried again when the layer it waits for has a new one.
    var queue = Array(waiting.indices)
    var done = waiting.map { _ in 0 }
    var blocked: [String: [Int]] = [:]
    var head = 0
    while head < queue.count {
      let index = queue[head]
      let (name, calls) = waiting[index]
      head += 1
      while done[index] < calls.count {
        let call = calls[done[index]]
        try spend(1 + call.arguments.tensors.count)
        if let missing = call.arguments.tensors.first(where: { Self.find($0, results) == nil }) {
          blocked[missing.name, default: []].append(index)
          break
        }
        var names = call.weightsPath
        let ready = call.arguments.tensors.compactMap { Self.find($0, results) }
        results[name, default: []].append(
          try layer(call.entry, prefix, &names, call.arguments, tensors: ready))
        done[index] += 1
        queue += blocked.removeValue(forKey: name) ?? []
      }
    }
    guard let result = Self.find(output, results) else {
      throw Self.refuse("layer \(output.name), the output, is not connected to the input")
    }
    return result
  }

  /// A call's result; nil if it is not there yet.
  private static func find(_ reference: (name: String, call: Int), _ results: [String: [Int]]) -> Int? {
    guard let calls = results[reference.name], calls.indices.contains(reference.call) else { return nil }
    return calls[reference.call]
  }

  /// Converts references to nested models to calls counted from 0. Keras 2 counts the model's own making as call 0;
  /// Keras 3 does so where it names the output, and only for Functional models.
  private static func countFromZero(
    _ waiting: inout [(name: String, calls: [Call])], _ output: inout (name: String, call: Int)
  ) {
    var highest: [String: Int] = [:]
    for reference in waiting.lazy.flatMap({ $0.calls.lazy.flatMap(\.arguments.tensors) }) {
      highest[reference.name] = max(highest[reference.name] ?? 0, reference.call)
    }
    /// Each nested model's first number in inputs and in the output, and its calls.
    var nested: [String: (first: Int, atOutput: Int, calls: Int)] = [:]
    for (name, calls) in waiting {
      guard let kind = calls.first?.entry["class_name"]?.string, nestedModels.contains(kind) else { continue }
      let first = highest[name] ?? 0 >= calls.count ? 1 : 0
      nested[name] = (first, kind == "Sequential" ? first : 1, calls.count)
    }
    if nested.isEmpty { return }
    func adjust(_ reference: inout (name: String, call: Int), isOutput: Bool) {
      guard let model = nested[reference.name] else { return }
      let first = isOutput ? model.atOutput : model.first
      reference.call = min(max(reference.call - first, 0), model.calls - 1)
    }
    for index in waiting.indices {
      for call in waiting[index].calls.indices {
        for tensor in waiting[index].calls[call].arguments.tensors.indices {
          adjust(&waiting[index].calls[call].arguments.tensors[tensor], isOutput: false)
        }
      }
    }
    adjust(&output, isOutput: true)
  }

  static let nestedModels: Set<String> = ["Sequential", "Functional", "Model"]

  /// `["name", 0, 0]`, or a list of such.
  private mutating func references(_ json: JSONValue?) throws(Failure) -> [(name: String, call: Int)] {
    guard let list = json?.array else { return [] }
    if let name = list.first?.string {
      guard list.count < 3 || list[2].int == 0 else {
        throw Self.refuse("an output of \(name) other than its first is not supported")
      }
      return [(name, list.count > 1 ? list[1].int ?? 0 : 0)]
    }
    try spend(list.count)
    var found: [(name: String, call: Int)] = []
    for element in list { found += try references(element) }
    return found
  }
}

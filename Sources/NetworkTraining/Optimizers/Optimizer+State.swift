import FrameStream
import NetworkEngine
import NetworkModel
import SystemIO

// The state in a model file, so that Keras's fit continues from it, and the state from one.
extension Optimizer {
  /// The state as Keras keeps it: iterations, learning rate, then for each weight its momentum (and velocity); with a
  /// `compile_config` that makes Keras 3 build the same optimizer.
  ///
  /// Keras cannot store, and so it does not have: averaged weights, coupled decay, and the exclusion of biases from decay.
  /// - Parameters:
  ///   - loss: Keras's name of the loss: `categorical_crossentropy`, or `sparse_categorical_crossentropy` for labels
  ///     that are numbers.
  ///   - metrics: Keras's names of metrics.
  package func trainingState(
    loss: String = "categorical_crossentropy", metrics: [String] = ["accuracy"]
  ) throws(Failure) -> TrainingState {
    var variables = [
      TrainingState.Variable(shape: [], values: .integers([Int64(iterations)], isLong: true)),
      TrainingState.Variable(shape: [], values: .floats([learningRate])),
    ]
    for parameter in parameters {
      let range = parameter.offset..<(parameter.offset + parameter.count)
      for slot in [first, second] where !slot.isEmpty {
        variables.append(.init(shape: parameter.shape, values: .floats(Array(slot[range]))))
      }
    }
    var writer = JSONWriter()
    writer.object {
      $0.key("optimizer")
      $0.object { optimizer in
        optimizer.field("module", "keras.optimizers")
        optimizer.field("class_name", configuration.algorithm.kerasClass)
        optimizer.key("config")
        optimizer.object { configuration.write(to: &$0, learningRate: learningRate) }
        optimizer.key("registered_name")
        optimizer.null()
      }
      $0.field("loss", loss)
      $0.key("loss_weights")
      $0.null()
      $0.key("metrics")
      if metrics.isEmpty {
        $0.null()
      } else {
        $0.array { list in for metric in metrics { list.value(metric) } }
      }
      $0.key("weighted_metrics")
      $0.null()
      $0.field("run_eagerly", false)
      $0.field("steps_per_execution", 1)
      $0.field("jit_compile", false)
    }
    let bytes = writer.bytes
    let json = try JSONValue(JSONText(parsing: bytes))
    return TrainingState(compilation: json, optimizer: variables)
  }

  /// The optimizer that a model file was compiled with, and its state.
  /// - Throws: ``Failure`` (`badInput`) if it is not supported, or does not fit the parameters.
  package convenience init(
    _ state: TrainingState, parameters: [TrainingNetwork.Parameter], threads: Int = 1
  ) throws(Failure) {
    let (configuration, rate) = try OptimizerConfiguration.read(state.compilation)
    self.init(configuration, parameters: parameters, threads: threads)
    learningRate = rate ?? 0
    var rest = state.optimizer[...]
    if rest.isEmpty { return }
    guard case .integers(let steps, _)? = rest.popFirst()?.values, let step = steps.first,
      let iterations = Int(exactly: step), Self.counts.contains(iterations)
    else { throw Self.refuse("its first variable is not the number of steps") }
    self.iterations = iterations
    // A schedule leaves no learning rate among the variables.
    if rate != nil {
      guard case .floats(let values)? = rest.popFirst()?.values, values.count == 1 else {
        throw Self.refuse("its second variable is not the learning rate")
      }
      learningRate = values[0]
    }
    if !average.isEmpty { try read(&rest, [\.average]) }
    switch configuration.slotCount {
    case 0: break
    case 1: try read(&rest, [\.first])
    default: try read(&rest, [\.first, \.second])
    }
    guard rest.isEmpty else { throw Self.refuse("it has \(rest.count) variables too many") }
  }

  /// Reads one value for each slot of each parameter, in Keras's order.
  private func read(
    _ variables: inout ArraySlice<TrainingState.Variable>,
    _ slots: [ReferenceWritableKeyPath<Optimizer, [Float]>]
  ) throws(Failure) {
    for parameter in parameters {
      for slot in slots {
        guard let variable = variables.popFirst(), case .floats(let values) = variable.values,
          variable.shape == parameter.shape, values.count == parameter.count
        else { throw Self.refuse("its variables do not fit \(parameter.layer)'s \(parameter.name)") }
        self[keyPath: slot].replaceSubrange(
          parameter.offset..<(parameter.offset + parameter.count), with: values)
      }
    }
  }

  /// The numbers of steps that a file may claim: more than any training makes.
  package static let counts = 0...1 << 40

  static func refuse(_ cause: String) -> Failure {
    Failure(.badInput, step: "reading the optimizer's state", cause: cause)
  }
}

// MARK: - Checkpoints

extension Optimizer {
  /// Everything that changes from step to step.
  package struct Snapshot: Sendable, Equatable {
    /// Steps made.
    package var iterations: Int
    /// That of the last step.
    package var learningRate: Float
    /// First moments, second moments, averaged weights; each may be empty.
    package var arrays: [[Float]]

    /// A state with everything that it holds.
    package init(iterations: Int, learningRate: Float, arrays: [[Float]]) {
      self.iterations = iterations
      self.learningRate = learningRate
      self.arrays = arrays
    }
  }

  /// The state as it is now.
  package var snapshot: Snapshot {
    Snapshot(iterations: iterations, learningRate: learningRate, arrays: [first, second, average])
  }

  /// Continues from a snapshot of an optimizer of the same configuration and parameters.
  /// - Throws: ``Failure`` (`badInput`) if it is of another one.
  package func restore(_ snapshot: Snapshot) throws(Failure) {
    guard snapshot.arrays.map(\.count) == [first.count, second.count, average.count],
      Self.counts.contains(snapshot.iterations)
    else { throw Self.refuse("it is that of another optimizer or model") }
    iterations = snapshot.iterations
    learningRate = snapshot.learningRate
    (first, second, average) = (snapshot.arrays[0], snapshot.arrays[1], snapshot.arrays[2])
  }
}

import SystemIO

/// A plan's weights, where they lie and in the layouts that primitives want, and where their gradients go.
final class TrainingParameters {
  typealias Value = TrainingPlan.Value

  let store: ParameterStore
  private let plan: TrainingPlan
  private let engine: Engine
  /// The type of weights where they are multiplied.
  private let type: ElementType
  /// Weights that have been converted to a layout in this plan, by their offset.
  private var staged: [Int: [Value]] = [:]
  /// Parameters whose gradient has a first part already.
  private var isGradientBegun: Set<Int> = []

  init(_ store: ParameterStore, _ plan: TrainingPlan, _ type: ElementType, _ engine: Engine) {
    (self.store, self.plan, self.type, self.engine) = (store, plan, type, engine)
  }

  /// Where the weight `name` of a node's layer lies.
  func entry(_ node: TrainingNode, _ name: String) throws(Failure) -> ParameterTable.Entry {
    guard let entry = store.table.entries[node.identity]?[name] else {
      throw Failure(.failed, step: "planning", cause: "it has no \(name)")
    }
    return entry
  }

  /// A weight where it lies, in Keras's order.
  func weight(_ entry: ParameterTable.Entry, _ natural: TensorLayout) throws(Failure) -> TrainingPlan.Operand
  {
    try plan.outside(store.weights.values.baseAddress! + entry.offset, natural)
  }

  /// A weight in the layout that a primitive wants, copied there once a step.
  func weight(
    _ entry: ParameterTable.Entry, _ natural: TensorLayout, in layout: TensorLayout, _ name: String
  ) throws(Failure) -> TrainingPlan.Operand {
    if natural.isEqual(to: layout) { return try weight(entry, natural) }
    if let found = staged[entry.offset]?.first(where: { $0.layout.isEqual(to: layout) }) {
      return .init(found)
    }
    let copy = try plan.value(layout, type)
    try plan.append(
      name + " (weights)", Primitive.reorder(natural, layout, engine), [(Argument.destination, copy)],
      others: [(Argument.source, weight(entry, natural))])
    staged[entry.offset, default: []].append(copy)
    return .init(copy)
  }

  /// Where a primitive that computes a parameter's gradient in `layout` is to put it: into the flat array if it can,
  /// otherwise ``finish(_:)`` copies it there.
  struct GradientTarget {
    var operand: TrainingPlan.Operand
    fileprivate var made: Value?
    fileprivate var flat: TrainingPlan.Operand
    fileprivate var natural: TensorLayout
    fileprivate var isFirst: Bool
    fileprivate var name: String

    /// Where a loop of our own puts it. The plan has been bound.
    func floats(_ plan: TrainingPlan) -> UnsafeMutablePointer<Float> {
      operand.slot.map { plan.floats($0) } ?? operand.address!
    }
  }

  /// Where a primitive puts the gradient of a parameter, whose first part replaces what was there.
  func gradient(
    _ entry: ParameterTable.Entry, _ natural: TensorLayout, in layout: TensorLayout, _ name: String
  ) throws(Failure) -> GradientTarget {
    let isFirst = isGradientBegun.insert(entry.offset).inserted
    let flat = try plan.outside(store.gradients.values.baseAddress! + entry.offset, natural)
    if isFirst, natural.isEqual(to: layout) {
      return .init(operand: flat, flat: flat, natural: natural, isFirst: isFirst, name: name)
    }
    let made = try plan.value(layout, .float32)
    return .init(
      operand: .init(made), made: made, flat: flat, natural: natural, isFirst: isFirst, name: name)
  }

  /// Copies a part of a gradient into the flat array, or adds it to those before.
  func finish(_ target: GradientTarget) throws(Failure) {
    guard let made = target.made else { return }
    // A layer that is called twice adds its second gradient to the first.
    let copy = try Primitive.reorder(made.layout, target.natural, engine, adds: !target.isFirst)
    try plan.append(
      target.name + " (gradient)", copy, [(Argument.source, made)],
      others: [(Argument.destination, target.flat)])
  }
}

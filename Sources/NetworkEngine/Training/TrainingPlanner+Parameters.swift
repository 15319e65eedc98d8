import COneDNN
import SystemIO

/// Weights where they lie and in the layouts that primitives want, and the places of their gradients.
extension TrainingPlanner {
  /// Where the weight `name` of a node's layer lies.
  func place(_ index: Int, _ name: String) throws(Failure) -> ParameterTable.Place {
    guard let place = store.table.places[graph.nodes[index].identity]?[name] else {
      throw Failure(.failed, step: "planning", cause: "it has no \(name)")
    }
    return place
  }

  /// A weight where it lies, in Keras's order.
  func weight(_ place: ParameterTable.Place, _ natural: TensorLayout) throws(Failure) -> TrainingPlan.Operand
  {
    try plan.outside(store.weights.values.baseAddress! + place.offset, natural)
  }

  /// A weight in the layout that a primitive wants, copied there once a step.
  func weight(
    _ place: ParameterTable.Place, _ natural: TensorLayout, in layout: TensorLayout, _ name: String
  ) throws(Failure) -> TrainingPlan.Operand {
    if natural.isEqual(to: layout) { return try weight(place, natural) }
    if let found = staged[place.offset]?.first(where: { $0.layout.isEqual(to: layout) }) {
      return .init(found)
    }
    let copy = try plan.value(layout, type)
    try plan.append(
      name + " (weights)", Primitive.reorder(natural, layout, engine), [(Argument.destination, copy)],
      others: [(Argument.source, weight(place, natural))])
    staged[place.offset, default: []].append(copy)
    return .init(copy)
  }

  /// Where a primitive that computes a parameter's gradient in `layout` is to put it: into the flat array if it can,
  /// else ``finish(_:)`` brings it there.
  struct GradientTarget {
    var operand: TrainingPlan.Operand
    fileprivate var made: Value?
    fileprivate var flat: TrainingPlan.Operand
    fileprivate var natural: TensorLayout
    fileprivate var isFirst: Bool
    fileprivate var name: String
  }

  /// Where a primitive puts the gradient of a parameter, whose first part replaces what was there.
  func gradient(
    _ place: ParameterTable.Place, _ natural: TensorLayout, in layout: TensorLayout, _ name: String
  ) throws(Failure) -> GradientTarget {
    let isFirst = isGradientBegun.insert(place.offset).inserted
    let flat = try plan.outside(store.gradients.values.baseAddress! + place.offset, natural)
    if isFirst, natural.isEqual(to: layout) {
      return .init(operand: flat, flat: flat, natural: natural, isFirst: isFirst, name: name)
    }
    let made = try plan.value(layout, .float32)
    return .init(
      operand: .init(made), made: made, flat: flat, natural: natural, isFirst: isFirst, name: name)
  }

  /// Brings a part of a gradient into the flat array, or adds it to those before.
  func finish(_ target: GradientTarget) throws(Failure) {
    guard let made = target.made else { return }
    // A layer that is called twice adds its second gradient to the first.
    let copy = try Primitive.make("reorder", target.isFirst ? [] : [.sum]) {
      cdnnl_reorder_create($0, engine.engine, made.layout.native, target.natural.native, $1)
    }
    try plan.append(
      target.name + " (gradient)", copy, [(Argument.source, made)],
      others: [(Argument.destination, target.flat)])
  }
}

extension Argument {
  static let workspace = Int(cdnnl_arg_workspace)
  static let sourceGradient = Int(cdnnl_arg_source_gradient)
  static let destinationGradient = Int(cdnnl_arg_destination_gradient)
  static let weightsGradient = Int(cdnnl_arg_weights_gradient)
  static let biasGradient = Int(cdnnl_arg_bias_gradient)
  static let scaleGradient = Int(cdnnl_arg_scale_gradient)
  static let shiftGradient = Int(cdnnl_arg_shift_gradient)
}

import COneDNN

/// oneDNN's numbers for what a memory is to a primitive.
enum Argument {
  static let source = Int(cdnnl_arg_source)
  static let source1 = Int(cdnnl_arg_source_1)
  static let destination = Int(cdnnl_arg_destination)
  static let weights = Int(cdnnl_arg_weights)
  static let bias = Int(cdnnl_arg_bias)
  static let mean = Int(cdnnl_arg_mean)
  static let variance = Int(cdnnl_arg_variance)
  static let scale = Int(cdnnl_arg_scale)
  static let shift = Int(cdnnl_arg_shift)
  static let workspace = Int(cdnnl_arg_workspace)
  static let sourceGradient = Int(cdnnl_arg_source_gradient)
  static let destinationGradient = Int(cdnnl_arg_destination_gradient)
  static let weightsGradient = Int(cdnnl_arg_weights_gradient)
  static let biasGradient = Int(cdnnl_arg_bias_gradient)
  /// One of several sources.
  static func source(_ index: Int) -> Int { Int(cdnnl_arg_multiple_source) + index }
}

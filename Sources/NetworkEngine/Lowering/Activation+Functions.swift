import COneDNN
import NetworkModel

extension Activation {
  /// The elementwise functions that make up this activation, applied in turn.
  var functions: [ElementwiseFunction] {
    switch self {
    case .linear, .softmax, .logSoftmax, .thresholdedRelu, .threshold, .celu, .softsign, .softShrink,
      .hardShrink,
      .tanhShrink, .logSigmoid, .squareplus, .sparsePlus, .sparseSigmoid:
      return []
    case .scaled(let scale, let offset):
      return [.init(algorithm: dnnl_eltwise_linear, alpha: scale, beta: offset)]
    case .clipped(let minimum, let maximum):
      return [.init(algorithm: dnnl_eltwise_clip, alpha: minimum, beta: maximum)]
    case .hardTanh: return [.init(algorithm: dnnl_eltwise_clip, alpha: -1, beta: 1)]
    case .absolute: return [.init(algorithm: dnnl_eltwise_abs)]
    case .square: return [.init(algorithm: dnnl_eltwise_square)]
    case .squareRoot: return [.init(algorithm: dnnl_eltwise_sqrt)]
    case .logarithm: return [.init(algorithm: dnnl_eltwise_log)]
    case .raised(let exponent):
      return [.init(algorithm: dnnl_eltwise_pow, alpha: 1, beta: exponent)]
    case .relu(let slope, nil): return [.init(algorithm: dnnl_eltwise_relu, alpha: slope)]
    case .relu(0, let maximum?): return [.init(algorithm: dnnl_eltwise_clip, alpha: 0, beta: maximum)]
    case .relu(let slope, let maximum?):
      return [
        .init(algorithm: dnnl_eltwise_relu, alpha: slope),
        .init(algorithm: dnnl_eltwise_clip, alpha: -.greatestFiniteMagnitude, beta: maximum),
      ]
    case .elu(let alpha): return [.init(algorithm: dnnl_eltwise_elu, alpha: alpha)]
    case .selu:
      return [
        .init(algorithm: dnnl_eltwise_elu, alpha: 1.673_263_242_354_377),
        .init(algorithm: dnnl_eltwise_linear, alpha: 1.050_700_987_355_480_5),
      ]
    case .sigmoid: return [.init(algorithm: dnnl_eltwise_logistic)]
    case .hardSigmoid:
      return [
        .init(algorithm: dnnl_eltwise_linear, alpha: 1 / 6, beta: 0.5),
        .init(algorithm: dnnl_eltwise_clip, alpha: 0, beta: 1),
      ]
    case .tanh: return [.init(algorithm: dnnl_eltwise_tanh)]
    case .silu: return [.init(algorithm: dnnl_eltwise_swish, alpha: 1)]
    case .hardSilu: return [.init(algorithm: dnnl_eltwise_hardswish, alpha: 1 / 6, beta: 0.5)]
    case .softplus: return [.init(algorithm: dnnl_eltwise_soft_relu, alpha: 1)]
    case .exponential: return [.init(algorithm: dnnl_eltwise_exp)]
    case .gelu(let approximate):
      return [.init(algorithm: approximate ? dnnl_eltwise_gelu_tanh : dnnl_eltwise_gelu_erf)]
    case .mish: return [.init(algorithm: dnnl_eltwise_mish)]
    }
  }
}

extension ModelGraph {
  /// One row of a model's description.
  package struct Row: Sendable, Equatable {
    /// The layer's name.
    package var name: String
    /// Keras's class.
    package var kind: String
    /// The result's shape without the batch.
    package var shape: [Int]
    /// How many values its weights hold.
    package var parameters: Int
    /// Multiplications with addition for one picture.
    package var multiplyAdds: Int
    /// Names of the layers that feed it.
    package var inputs: [String]
  }

  /// Every layer with shape, parameters and cost, as Keras's `summary()` lists them; a layer that is called twice
  /// counts its parameters once.
  package var rows: [Row] {
    var seen: Set<String> = []
    return layers.map { layer in
      let isNew = seen.insert(layer.identity).inserted
      return Row(
        name: layer.name, kind: layer.kind, shape: layer.shape, parameters: isNew ? layer.parameterCount : 0,
        multiplyAdds: multiplyAdds(of: layer), inputs: layer.inputs.map { layers[$0].name })
    }
  }

  /// Multiplications with addition for one picture: convolutions and dense layers.
  package var multiplyAdds: Int { layers.reduce(0) { $0 + multiplyAdds(of: $1) } }

  /// Each kernel value is used once for each pixel of the result; a dense one once.
  private func multiplyAdds(of layer: Layer) -> Int {
    let pixels: Int
    switch layer.operation {
    case .convolution, .depthwiseConvolution, .separableConvolution:
      let (height, width, _) = picture(layer.shape)
      pixels = height * width
    case .dense: pixels = 1
    default: return 0
    }
    // No product or sum overflows: weights and pixels are below ``ModelLimits/parameters`` and `activations`.
    return layer.weights.reduce(0) { sum, weight in
      weight.name.hasSuffix("kernel") ? sum + weight.shape.reduce(pixels, *) : sum
    }
  }

  /// A table of the layers, with totals, as Keras's `summary()` prints one.
  package var description: String {
    let rows = rows
    let header = ["Layer", "Class", "Output", "Parameters", "Multiply-adds", "From"]
    var lines = [header]
    var previous = ""
    for row in rows {
      let from = row.inputs == [previous] ? "" : row.inputs.joined(separator: ", ")
      lines.append([
        row.name, row.kind, row.shape.map(String.init).joined(separator: "x"), grouped(row.parameters),
        grouped(row.multiplyAdds), from,
      ])
      previous = row.name
    }
    let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for (index, line) in lines.enumerated() {
      var row = ""
      for (column, field) in line.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - field.count)
        // Numbers to the right.
        row += (column == 3 || column == 4 ? padding + field : field + padding) + "  "
      }
      while row.last == " " { row.removeLast() }
      text += row + "\n"
      if index == 0 {
        text += String(repeating: "-", count: widths.reduce(0, +) + 2 * (widths.count - 1)) + "\n"
      }
    }
    let parameters = rows.reduce(0) { $0 + $1.parameters }
    text += "\nParameters: \(grouped(parameters))\nMultiply-adds: \(grouped(multiplyAdds)) for one picture\n"
    return text
  }

  /// 2641543 as 2,641,543; 0 as nothing.
  private func grouped(_ number: Int) -> String {
    if number == 0 { return "" }
    let digits = Array(String(number))
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return result
  }
}

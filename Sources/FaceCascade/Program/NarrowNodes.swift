import CCascade

/// The nodes of upright features with whole weights, for one layout.
struct NarrowNodes {
  var nodes: [ck_narrow_node] = []
  var boxes: [ck_box] = []
  private let layout: CellLayout

  init(_ layout: CellLayout) {
    self.layout = layout
  }

  /// A node that holds if feature * scale < threshold; negated, if not.
  mutating func add(_ feature: NarrowFeature, threshold: Float, negated: Bool) -> (kind: Int32, index: Int32)
  {
    var node = ck_narrow_node()
    node.threshold = negated ? (-threshold).nextUp : threshold
    var kind: Int32 = 3
    if let product = feature.product, product.kind != 2 || product.isNegative == negated {
      kind = product.kind
      assign(product, swapped: product.isNegative != negated, to: &node)
    } else {
      assignArray(&node.offset, [Int32(boxes.count), Int32(feature.boxes.count)])
      boxes += feature.boxes.map { box($0, negated: negated) }
    }
    nodes.append(node)
    return (kind, Int32(nodes.count - 1))
  }

  /// `swapped`: the product's negative, by exchanging the two places of the factor (1,-1).
  private func assign(_ product: NarrowFeature.Product, swapped: Bool, to node: inout ck_narrow_node) {
    let (rows, columns) = (product.rows, product.columns)
    if product.kind == 2 {
      let top = rows[0]
      assignArray(&node.offset, columns.map { layout.offset($0, top) })
      node.step1 = layout.offset(columns[0], rows[1]) - layout.offset(columns[0], top)
      node.step2 = layout.offset(columns[0], rows[2]) - layout.offset(columns[0], top)
    } else if product.shortIsRows {
      let (from, to) = swapped ? (rows[1], rows[0]) : (rows[0], rows[1])
      assignArray(&node.offset, columns.map { layout.offset($0, from) })
      node.step1 = layout.offset(columns[0], to) - layout.offset(columns[0], from)
    } else {
      let (from, to) = swapped ? (columns[1], columns[0]) : (columns[0], columns[1])
      assignArray(&node.offset, rows.map { layout.offset(from, $0) })
      node.step1 = layout.offset(to, rows[0]) - layout.offset(from, rows[0])
    }
  }

  private func box(_ box: NarrowFeature.Box, negated: Bool) -> ck_box {
    var result = ck_box()
    result.weight = Int32(negated ? -box.weight : box.weight)
    assignArray(&result.corner, layout.corners(box.x, box.y, box.width, box.height))
    return result
  }
}

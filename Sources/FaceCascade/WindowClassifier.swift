/// Runs a cascade on one window after another of an ``IntegralStrip``: OpenCV's arithmetic, step by step.
struct WindowClassifier {
  let cascade: Cascade
  let plan: ScanPlan

  /// What became of a window.
  enum Outcome {
    case accepted
    case rejected
    /// Rejected by the very first stage: the next window of the row is skipped.
    case rejectedAtOnce
  }

  /// - Parameter place: the window's top left in the strip's arrays.
  func classify(at place: Int) -> Outcome {
    switch cascade.featureKind {
    case .haar: classifyHaar(place)
    case .lbp: classifyLBP(place)
    }
  }

  private func classifyHaar(_ place: Int) -> Outcome {
    guard let scale = normalisation(place) else { return .rejected }
    let sums = UnsafePointer(plan.strip.sum) + place
    let tilted = UnsafePointer(plan.strip.tilted ?? plan.strip.sum) + place
    let features = UnsafePointer(plan.features.haar.baseAddress!)
    return run { node, _ in
      let feature = features + Int(node.feature)
      let value = Self.value(feature, feature.pointee.isTilted ? tilted : sums) * scale
      return value < node.threshold
    }
  }

  private func classifyLBP(_ place: Int) -> Outcome {
    let sums = UnsafePointer(plan.strip.sum) + place
    let features = UnsafePointer(plan.features.lbp.baseAddress!)
    return cascade.subsets.withUnsafeBufferPointer { subsets in
      run { node, index in
        let code = Self.code(features[Int(node.feature)], sums)
        return subsets[index * Cascade.subsetWords + code >> 5] & 1 << UInt32(code & 31) != 0
      }
    }
  }

  /// Adds up the leaves of each stage's trees; `goesLeft` decides at a node, given with its index.
  @inline(__always)
  private func run(_ goesLeft: (Cascade.Node, Int) -> Bool) -> Outcome {
    cascade.stages.withUnsafeBufferPointer { stages in
      cascade.trees.withUnsafeBufferPointer { trees in
        cascade.nodes.withUnsafeBufferPointer { nodes in
          cascade.leaves.withUnsafeBufferPointer { leaves in
            for number in 0..<stages.count {
              let stage = stages[number]
              var sum = 0.0
              for tree in stage.firstTree..<stage.firstTree + stage.treeCount {
                let tree = trees[tree]
                var next: Int32 = 0
                repeat {
                  let index = tree.firstNode + Int(next)
                  let node = nodes[index]
                  next = goesLeft(node, index) ? node.left : node.right
                } while next > 0
                sum += Double(leaves[tree.firstLeaf - Int(next)])
              }
              if sum < Double(stage.threshold) { return number == 0 ? .rejectedAtOnce : .rejected }
            }
            return .accepted
          }
        }
      }
    }
  }

  /// One over the standard deviation of the window's pixels times their number; nil if they are too even.
  private func normalisation(_ place: Int) -> Float? {
    let corners = plan.features.normalisation
    let area = Double((cascade.windowWidth - 2) * (cascade.windowHeight - 2))
    let sum = Double(Self.box(corners, plan.strip.sum + place))
    let squares = Double(UInt32(bitPattern: Self.box(corners, plan.strip.squares + place)))
    let variance = area * squares - sum * sum
    guard variance > 0 else { return nil }
    let scale = Float(1 / variance.squareRoot())
    return area * Double(scale) < 0.1 ? scale : nil
  }

  @inline(__always)
  private static func box(_ corners: SIMD4<Int32>, _ sums: UnsafePointer<Int32>) -> Int32 {
    sums[Int(corners[0])] &- sums[Int(corners[1])] &- sums[Int(corners[2])] &+ sums[Int(corners[3])]
  }

  @inline(__always)
  private static func value(_ feature: UnsafePointer<FeatureTable.Haar>, _ sums: UnsafePointer<Int32>)
    -> Float
  {
    let weights = feature.pointee.weights
    var value =
      weights[0] * Float(box(feature.pointee.corners.0, sums))
      + weights[1] * Float(box(feature.pointee.corners.1, sums))
    if weights[2] != 0 { value += weights[2] * Float(box(feature.pointee.corners.2, sums)) }
    return value
  }

  /// Eight comparisons of the outer blocks with the middle one, clockwise from the top left.
  @inline(__always)
  private static func code(_ corners: SIMD16<Int32>, _ sums: UnsafePointer<Int32>) -> Int {
    @inline(__always)
    func block(_ corner: Int) -> Int32 {
      sums[Int(corners[corner])] &- sums[Int(corners[corner + 1])] &- sums[Int(corners[corner + 4])]
        &+ sums[Int(corners[corner + 5])]
    }
    let middle = block(5)
    var code = 0
    if block(0) >= middle { code |= 128 }
    if block(1) >= middle { code |= 64 }
    if block(2) >= middle { code |= 32 }
    if block(6) >= middle { code |= 16 }
    if block(10) >= middle { code |= 8 }
    if block(9) >= middle { code |= 4 }
    if block(8) >= middle { code |= 2 }
    if block(4) >= middle { code |= 1 }
    return code
  }
}

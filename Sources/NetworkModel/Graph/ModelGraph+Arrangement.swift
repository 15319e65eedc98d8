import SystemIO

// Shapes of operations that combine, cut or turn tensors.
extension ModelGraph {
  /// A side's number from 0, given so or from the end (-1 is the last).
  package static func axis(_ axis: Int, rank: Int) throws(Failure) -> Int {
    let side = axis < 0 ? axis + rank : axis
    guard (0..<rank).contains(side) else {
      throw Failure(
        .badInput, step: "shape", cause: "axis \(axis) is the batch, or not one of \(rank) sides")
    }
    return side
  }

  /// The same for several, all different, in ascending order.
  package static func axes(_ axes: [Int], rank: Int) throws(Failure) -> [Int] {
    var sides: [Int] = []
    for axis in axes { sides.append(try self.axis(axis, rank: rank)) }
    guard Set(sides).count == sides.count else {
      throw Failure(.badInput, step: "shape", cause: "axes \(axes) name a side twice")
    }
    return sides.sorted()
  }

  /// The shape that operands have together, aligned at their ends; nil if sides differ and neither is 1.
  package static func broadcast(_ first: [Int], _ second: [Int]) -> [Int]? {
    let rank = max(first.count, second.count)
    var result: [Int] = []
    for index in 0..<rank {
      let (a, b) = (index + first.count - rank, index + second.count - rank)
      let (x, y) = (a < 0 ? 1 : first[a], b < 0 ? 1 : second[b])
      guard x == y || x == 1 || y == 1 else { return nil }
      result.append(max(x, y))
    }
    return result
  }

  /// A constant's shape beside tensors of `rank` sides: without the batch's, which is 1.
  package static func withoutBatch(_ shape: [Int], rank: Int) -> [Int]? {
    if shape.count <= rank { return shape }
    return shape.count == rank + 1 && shape[0] == 1 ? Array(shape.dropFirst()) : nil
  }

  func combined(_ layer: Layer, _ kind: Arithmetic, _ inputs: [[Int]]) throws(Failure) -> [Int] {
    guard kind.takesMany || inputs.count == 2 else {
      throw Failure(.badInput, step: "shape", cause: "\(layer.kind) is called with \(inputs.count) inputs")
    }
    var rank = 0
    for (input, shape) in zip(layer.inputs, inputs) {
      if case .constant = layers[input].operation { continue }
      rank = max(rank, shape.count)
    }
    var result: [Int] = []
    for (input, shape) in zip(layer.inputs, inputs) {
      var own = shape
      if case .constant = layers[input].operation {
        guard let bare = Self.withoutBatch(shape, rank: rank) else {
          throw Failure(
            .badInput, step: "shape", cause: "a constant of shape \(shape) has a side for the batch")
        }
        own = bare
      }
      guard let together = Self.broadcast(result, own) else {
        throw Failure(.badInput, step: "shape", cause: "inputs of shapes \(result) and \(own) differ")
      }
      result = together
    }
    return result
  }

  func concatenated(_ inputs: [[Int]], _ axis: Int?) throws(Failure) -> [Int] {
    var result = inputs[0]
    let side =
      try axis.map { (axis) throws(Failure) in try Self.axis(axis, rank: result.count) }
      ?? channelAxis(rank: result.count)
    for other in inputs.dropFirst() {
      var expected = other
      guard other.count == result.count else {
        throw Failure(.badInput, step: "shape", cause: "inputs of shapes \(result) and \(other) do not join")
      }
      expected[side] = result[side]
      guard expected == result else {
        throw Failure(.badInput, step: "shape", cause: "inputs of shapes \(result) and \(other) do not join")
      }
      result[side] += other[side]
    }
    return result
  }

  /// The channels' side of a tensor of `rank` sides: a picture's by the data format, else the last.
  package func channelAxis(rank: Int) -> Int { rank == 3 && channelsFirst ? 0 : rank - 1 }

  /// The result's shape of what only moves, leaves out or joins values of one input.
  func arranged(_ operation: Operation, _ input: [Int]) throws(Failure) -> [Int] {
    func refuse(_ cause: String) -> Failure { Failure(.badInput, step: "shape", cause: cause) }
    switch operation {
    case .reduction(_, let axes, let keeping):
      let sides = try Self.axes(axes, rank: input.count)
      if keeping { return input.indices.map { sides.contains($0) ? 1 : input[$0] } }
      let left = input.indices.filter { !sides.contains($0) }.map { input[$0] }
      // One value for each picture is a row of one value here, and has no side in Keras.
      guard !left.isEmpty else { throw refuse("nothing but the batch is left of \(input)") }
      return left
    case .reshape(let sides):
      let count = input.reduce(1, *)
      var known = 1
      for side in sides where side != -1 {
        guard side > 0, side <= count / known else { throw refuse("\(input) does not fit \(sides)") }
        known *= side
      }
      let open = sides.count { $0 == -1 }
      guard !sides.isEmpty, sides.count <= 3, open <= 1, count % known == 0, open == 1 || known == count
      else {
        throw refuse("\(input) does not fit \(sides), or that has more than 3 sides")
      }
      return sides.map { $0 == -1 ? count / known : $0 }
    case .transpose(let order):
      guard order.sorted() == Array(input.indices) else { throw refuse("\(order) does not order \(input)") }
      return order.map { input[$0] }
    case .slice(let slices):
      guard slices.count <= input.count else { throw refuse("\(slices.count) ranges for \(input)") }
      var result: [Int] = []
      for (index, side) in input.enumerated() {
        let slice = index < slices.count ? slices[index] : Slice()
        guard let count = slice.count(in: side) else { throw refuse("a range is not within \(input)") }
        if !slice.isIndex { result.append(count) }
      }
      guard !result.isEmpty else { throw refuse("nothing but the batch is left of \(input)") }
      return result
    case .centerCrop(let height, let width):
      let (inputHeight, inputWidth, channels) = try pictureOnly(input)
      guard height <= inputHeight, width <= inputWidth else {
        throw refuse("CenterCrop to \(height)x\(width) enlarges \(inputHeight)x\(inputWidth), not supported")
      }
      return shape(height, width, channels)
    case .resize(let resizing):
      let (height, width, channels) = try pictureOnly(input)
      switch resizing.size {
      case .pixels(let size): return shape(size.height, size.width, channels)
      case .times(let factor): return shape(height * factor.height, width * factor.width, channels)
      }
    default: return input
    }
  }
}

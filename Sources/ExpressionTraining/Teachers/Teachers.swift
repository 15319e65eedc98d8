import ExpressionNet
import NetworkEngine
import NetworkModel
import PictureData
import SystemIO
import TextTables

/// Trained networks from whose answers another one learns.
///
/// They look at the very pictures that the student sees, with the same random changes, and answer for each: a
/// student that sees other crops than its teachers learns less (Beyer et al., "Knowledge distillation: A good teacher is
/// patient and consistent", 2022). Their answer is the mean of their probabilities, each softened by the temperature.
final class Teachers {
  private struct Teacher {
    let network: Network
    let reading: OutputReading
    /// For each of the student's classes, the teacher's output.
    let order: [Int]
  }

  private let teachers: [Teacher]
  private let softening: SoftmaxTemperature
  private let inputCount, classCount: Int
  /// A number for all that their answers depend on: their weights and the order of their classes.
  let fingerprint: String
  private var answers: [Float] = []

  /// The teachers that a recipe names.
  /// - Parameters:
  ///   - classes: The student's, in the order of its outputs.
  ///   - preparation: How pictures become the student's input.
  /// - Throws: ``Failure`` naming a file that cannot be read, or a teacher that is for other classes or another input.
  init?(_ recipe: Recipe, classes: [String], preparation: InputPreparation, threads: Int) throws(Failure) {
    guard !recipe.teachers.isEmpty, let softening = SoftmaxTemperature(recipe.teacherTemperature) else {
      return nil
    }
    self.softening = softening
    inputCount = preparation.inputShape.reduce(1, *)
    classCount = classes.count
    var teachers: [Teacher] = []
    var checksum = Checksum()
    for path in recipe.teachers {
      let model = try ExpressionModel(path: path)
      do throws(Failure) {
        let order = try Self.order(of: model, for: classes)
        try Self.check(model, preparation)
        teachers.append(
          Teacher(
            network: try Network(
              model.graph, threads: threads, precision: recipe.precision == .bf16 ? .bf16 : .f32),
            reading: model.outputs, order: order))
        for place in order { checksum.add(place) }
      } catch {
        throw error.within(path)
      }
      for layer in model.graph.layers { for weight in layer.weights { checksum.add(weight.values) } }
    }
    self.teachers = teachers
    fingerprint = checksum.text
  }

  /// For each of the student's classes, the teacher's output, by any of the class's usual names.
  private static func order(of model: ExpressionModel, for classes: [String]) throws(Failure) -> [Int] {
    let names = model.classes.map(ClassOrder.commonName)
    let order = classes.compactMap { names.firstIndex(of: ClassOrder.commonName(of: $0)) }
    guard order.count == classes.count, Set(order).count == names.count else {
      throw Failure(
        .usage, step: "teacher",
        cause:
          "its classes are \(NameList.quoted(model.classes)), and the pictures' \(NameList.quoted(classes))")
    }
    return order
  }

  /// - Throws: ``Failure`` (`usage`) if the pictures that the student is given are not the teacher's input.
  private static func check(_ model: ExpressionModel, _ student: InputPreparation) throws(Failure) {
    func size(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: "x") }
    guard model.graph.inputShape == student.inputShape, model.graph.channelsFirst == student.channelsFirst
    else {
      throw Failure(
        .usage, step: "teacher",
        cause: "its input is \(size(model.graph.inputShape)), and the network's \(size(student.inputShape)): "
          + "it must see the same pictures")
    }
    var (own, wanted) = (model.information.preprocessing ?? Preprocessing(), student.preprocessing)
    // The boxes of faces are another matter: both are given the same pictures.
    (own.margin, wanted.margin) = (0, 0)
    guard own == wanted else {
      throw Failure(
        .usage, step: "teacher",
        cause: "its input has another scale, offset or standardization than the network's")
    }
  }

  /// What they say of pictures.
  /// - Parameters:
  ///   - pictures: As the student is given them, one after the other.
  ///   - probabilities: Room for a row of the student's classes for each.
  /// - Throws: ``Failure`` if oneDNN fails.
  func answer(
    _ pictures: UnsafeBufferPointer<Float>, into probabilities: UnsafeMutableBufferPointer<Float>
  ) throws(Failure) {
    let count = pictures.count / inputCount
    probabilities.update(repeating: 0)
    for teacher in teachers {
      answers.removeAll(keepingCapacity: true)
      try teacher.network.predict(batch: count) { input in
        _ = input.update(fromContentsOf: pictures)
      } read: {
        teacher.reading.append($0, to: &answers)
      }
      let outputs = teacher.reading.classCount
      answers.withUnsafeMutableBufferPointer { answers in
        for picture in 0..<count {
          let row = UnsafeMutableBufferPointer(
            rebasing: answers[(picture * outputs)..<((picture + 1) * outputs)])
          softening.apply(to: row)
          let target = picture * classCount
          for (place, output) in teacher.order.enumerated() { probabilities[target + place] += row[output] }
        }
      }
    }
    let number = Float(teachers.count)
    for place in probabilities.indices { probabilities[place] /= number }
  }
}

import FaceInput
import FrameStream
import NetworkEngine
import NetworkModel
import SystemIO

/// Names the expression of faces in gray pictures: cuts them out, runs them through a network in batches.
///
/// It belongs to one thread at a time. Once each number of faces has come, up to the largest batch, nothing is
/// allocated but the results, and by ``classify(_:into:)`` not even those.
package final class ExpressionClassifier {
  /// How to classify.
  package struct Options: Sendable {
    /// Replace the model's own preprocessing where given.
    package var inputScale: Float?
    /// Added after scaling.
    package var inputOffset: Float?
    /// The fraction of its size by which a box grows on every side.
    package var margin: Double?
    /// The most faces computed at once; more are computed in several batches.
    package var maximumBatch = 16
    /// Threads of the network; 0 for as many as OpenMP would use.
    package var threads = 0
    /// The numbers to compute with.
    package var precision = PrecisionChoice.auto
    /// The views of a face whose probabilities are averaged: ``PictureViews/single`` or ``PictureViews/flip``.
    package var views = PictureViews.standard

    /// The model's own preprocessing, batches of 16, the standard views, and the precision that is best here.
    package init() {}
  }

  /// Class names in the order of the probabilities.
  package let classes: [String]
  /// How faces become inputs: the model's way, as far as options do not replace it.
  package let preprocessing: Preprocessing
  /// The numbers it computes with: what was chosen, or what `auto` selected.
  package var precision: Precision { network.precision }
  /// The network's input: height, width and channels in its data format.
  package var inputShape: [Int] { network.inputShape }
  /// The temperature applied to the probabilities; nil if the model is not calibrated.
  package let temperature: SoftmaxTemperature?
  /// The views of a face whose probabilities are averaged.
  package var views: PictureViews { cropper.views }
  /// How many probabilities a face has: one for each class.
  package var outputCount: Int { reading.classCount }
  private let reading: OutputReading
  let network: Network
  private let cropper: FaceCropper
  /// The most faces that are prepared at once, and the most of their views that the network computes at once.
  private let maximumBatch, maximumRows: Int
  private var recent: RecentInputs
  /// Faces that the network has computed: those of a repeated frame are not.
  private(set) var computedCount = 0
  // Of the faces that are classified at once: which recent one each is, which rows are new, and the new ones' results.
  private var sources: [Int?] = []
  private var new: [Int] = []
  private var computed: [Float] = []

  /// - Throws: ``Failure`` if the model's input is not a picture of one or three channels, an option makes no sense,
  ///   or oneDNN cannot run the network.
  package init(_ model: ExpressionModel, _ options: Options = Options()) throws(Failure) {
    let shape = model.graph.inputShape
    guard shape.count == 3, [1, 3].contains(model.graph.channelsFirst ? shape[0] : shape[2]) else {
      throw Failure(
        .badInput, step: "reading the model", cause: "its input \(shape) is not a gray or color picture")
    }
    guard (1...256).contains(options.maximumBatch), (0...1024).contains(options.threads) else {
      throw Failure(.usage, step: "classifier", cause: "the batch or the number of threads is out of range")
    }
    var preprocessing = model.information.preprocessing ?? Preprocessing()
    if let scale = options.inputScale { preprocessing.scale = scale }
    if let offset = options.inputOffset { preprocessing.offset = offset }
    if let margin = options.margin { preprocessing.margin = margin }
    guard preprocessing.scale.isFinite, preprocessing.offset.isFinite,
      Preprocessing.margins.contains(preprocessing.margin)
    else { throw Failure(.usage, step: "classifier", cause: "scale, offset or margin is out of range") }
    self.preprocessing = preprocessing
    classes = model.classes
    reading = model.outputs
    temperature = SoftmaxTemperature(model.information.temperature(for: options.views))
    let largest = model.graph.layers.map { $0.shape.reduce(1, *) }.max() ?? 1
    let limit = max(1, ModelLimits.activations / largest)
    maximumBatch = min(options.maximumBatch, limit)
    maximumRows = min(maximumBatch * options.views.count, limit)
    let precision = try options.precision.precision(
      for: model.file, preprocessing: preprocessing, views: options.views)
    network = try Network(
      model.graph, threads: options.threads, precision: precision,
      calibration: precision == .int8 ? try model.file.calibration() : nil)
    cropper = try FaceCropper(
      shape, channelsFirst: model.graph.channelsFirst, preprocessing, views: options.views)
    recent = RecentInputs(
      capacity: maximumBatch, size: cropper.count, outputs: model.outputs.classCount)
  }

  /// One face as the network's input wants it: cut out, resized, scaled; all views, one after the other.
  /// - Throws: ``Failure`` (`badInput`) for a box that is empty or out of range.
  package func input(gray plane: PlaneView, colorRange: ColorRange, box: PixelRectangle) throws(Failure)
    -> [Float]
  {
    var values = [Float](repeating: 0, count: cropper.count)
    try values.withUnsafeMutableBufferPointer { (values) throws(Failure) in
      try cropper.crop(plane, colorRange, box, into: values)
    }
    return values
  }

  /// A face: where it is in which picture.
  package struct Face {
    /// The gray picture: a YUV frame's first plane, or a gray frame.
    package var plane: PlaneView
    /// How to read it.
    package var colorRange: ColorRange
    /// Where it is, in pixels of the picture.
    package var box: PixelRectangle
    /// Width of a pixel divided by its height.
    package var pixelShape: Double

    /// A face in a picture.
    package init(plane: PlaneView, colorRange: ColorRange, box: PixelRectangle, pixelShape: Double = 1) {
      self.plane = plane
      self.colorRange = colorRange
      self.box = box
      self.pixelShape = pixelShape
    }
  }

  /// The probabilities of every class for each face of one picture or several, in their order, by the model's
  /// temperature. A face's are the same whatever others come with it; one whose pixels are those of a face of the last
  /// call is not computed again.
  /// - Throws: ``Failure`` (`badInput`) for a box that is empty or out of range; (`failed`) if oneDNN fails.
  package func classify(_ faces: [Face]) throws(Failure) -> [[Float]] {
    var scores: [Float] = []
    try classify(faces, into: &scores)
    return faces.indices.map { Array(scores[($0 * outputCount)..<(($0 + 1) * outputCount)]) }
  }

  /// The same in memory that is used again: `scores` becomes a row of ``outputCount`` values for each face, one row
  /// after the other.
  package func classify(_ faces: [Face], into scores: inout [Float]) throws(Failure) {
    scores.removeAll(keepingCapacity: true)
    var start = 0
    while start < faces.count {
      let batch = min(maximumBatch, faces.count - start)
      try classify(faces[start..<(start + batch)], appendingTo: &scores)
      start += batch
    }
    guard let temperature else { return }
    scores.withUnsafeMutableBufferPointer { scores in
      for start in stride(from: 0, to: scores.count, by: outputCount) {
        temperature.apply(to: UnsafeMutableBufferPointer(rebasing: scores[start..<(start + outputCount)]))
      }
    }
  }

  /// Appends the network's results for as many faces as it is given at once. Those that came with the last call are not
  /// computed again.
  private func classify(_ faces: ArraySlice<Face>, appendingTo scores: inout [Float]) throws(Failure) {
    sources.removeAll(keepingCapacity: true)
    new.removeAll(keepingCapacity: true)
    for (row, index) in faces.indices.enumerated() {
      let face = faces[index]
      do throws(Failure) {
        try recent.prepare(row) { (input) throws(Failure) in
          try cropper.crop(
            face.plane, face.colorRange, face.box, pixelShape: face.pixelShape, into: input)
        }
      } catch {
        throw error.within("face \(index)")
      }
      let match = recent.match(row)
      sources.append(match)
      if match == nil { new.append(row) }
    }
    try computeNew()
    let first = scores.count
    var next = 0
    for source in sources {
      if let source {
        scores.append(contentsOf: recent.result(source))
      } else {
        scores.append(contentsOf: computed[next..<(next + outputCount)])
        next += outputCount
      }
    }
    recent.keep(faces.count, scores[first...])
  }

  /// Runs the network on all views of the faces that are new, and averages each face's results.
  private func computeNew() throws(Failure) {
    computed.removeAll(keepingCapacity: true)
    let rows = new.count * views.count
    var first = 0
    while first < rows {
      let count = min(maximumRows, rows - first)
      try network.predict(batch: count) { input in
        for place in 0..<count {
          let (face, view) = (first + place).quotientAndRemainder(dividingBy: views.count)
          recent.copy(
            new[face], view: view, count: network.inputCount,
            to: input.baseAddress! + place * network.inputCount)
        }
      } read: { output in
        reading.append(output, to: &computed)
      }
      first += count
    }
    views.average(&computed, classes: outputCount)
    computedCount += new.count
  }

  /// The same for the faces in `boxes` of one picture.
  package func classify(gray plane: PlaneView, colorRange: ColorRange, boxes: [PixelRectangle])
    throws(Failure)
    -> [[Float]]
  {
    try classify(boxes.map { Face(plane: plane, colorRange: colorRange, box: $0) })
  }
}

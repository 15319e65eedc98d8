import ExpressionNet
import NetworkModel
import PictureData
import SystemIO

/// How the pictures of a set become a network's input.
package struct InputPreparation: Sendable, Equatable {
  /// Height, width and channels, in the order of the network's data format.
  package let inputShape: [Int]
  /// Whether ``inputShape`` is channels, height, width; otherwise it is height, width, channels.
  package let channelsFirst: Bool
  /// An input is pixel·scale + offset, the pixel from 0 to 255.
  package var scale: Float = 1
  /// What is added to pixel·``scale``.
  package var offset: Float = 0
  /// Whether each picture is standardized to mean 0 and deviation 1 before.
  package var standardize = false
  /// How many pixels larger than the input pictures are loaded, on either axis.
  package var cropMargin = 0
  /// What a face's box grows by on every side before the network sees it, as a fraction of the box.
  package var margin = 0.0

  /// - Throws: ``Failure`` (`badInput`) if the network does not take one gray or color picture.
  package init(_ graph: ModelGraph) throws(Failure) {
    inputShape = graph.inputShape
    channelsFirst = graph.channelsFirst
    guard inputShape.count == 3, [1, 3].contains(channelsFirst ? inputShape[0] : inputShape[2]) else {
      throw Failure(
        .badInput, step: "network", cause: "its input \(inputShape) is not a picture of 1 or 3 channels")
    }
  }

  /// The size of the network's input.
  package var inputWidth: Int { inputShape[channelsFirst ? 2 : 1] }
  /// Rows of the network's input.
  package var inputHeight: Int { inputShape[channelsFirst ? 1 : 0] }

  /// The size that pictures are loaded at.
  package var loadedWidth: Int { inputWidth + cropMargin }
  /// Rows that pictures are loaded at.
  package var loadedHeight: Int { inputHeight + cropMargin }

  /// ``margin`` for pictures of ``loadedWidth``, of which the network then sees the middle.
  package var loadedMargin: Double {
    cropMargin == 0 ? margin : ((1 + 2 * margin) * Double(loadedWidth) / Double(inputWidth) - 1) / 2
  }

  /// The part that a model file keeps.
  package var preprocessing: Preprocessing {
    Preprocessing(scale: scale, offset: offset, margin: margin, standardize: standardize)
  }

  /// Batches of a set as a recipe wants them.
  /// - Throws: ``Failure`` if the pictures are smaller than the network's input, or the recipe has a weight for a
  ///   class that the set does not have.
  func loader(_ set: PictureSet, _ recipe: Recipe) throws(Failure) -> BatchLoader {
    var options = BatchLoader.Options(inputShape: inputShape)
    options.channelsFirst = channelsFirst
    options.preprocessing = preprocessing
    options.augmentation = recipe.wholeAugmentation
    options.batch = recipe.batchSize
    options.seed = UInt64(recipe.seed)
    options.labelSmoothing = Float(recipe.labelSmoothing)
    options.classWeights = try recipe.classWeights.factors(for: set)
    return try BatchLoader(set, options)
  }

  /// The pictures of a set for evaluation.
  /// - Throws: ``Failure`` (`badInput`) if they are smaller than the network's input.
  package func pictures(_ set: PictureSet, _ views: PictureViews = .single) throws(Failure)
    -> EvaluationPictures
  {
    try EvaluationPictures(
      set, inputShape: inputShape, channelsFirst: channelsFirst, preprocessing: preprocessing,
      views: views)
  }
}

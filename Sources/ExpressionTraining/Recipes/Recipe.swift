import ExpressionNet
import NetworkModel
import NetworkTraining
import PictureData
import SystemIO

/// Every hyper-parameter of a training: what a recipe file holds, and what the command line can change.
///
/// Two trainings with the same recipe and data give the same weights (with very large layers, if they have the same number
/// of threads).
package struct Recipe: Sendable, Equatable {
  /// Numbers to compute with; `auto` is bf16 where the processor has it.
  package enum Precision: String, Sendable, CaseIterable { case f32, bf16, auto }

  /// Number of epochs.
  package var epochs = 16
  /// Pictures of one step.
  package var batchSize = 32
  /// The random seed.
  package var seed = 1

  // The network.
  /// The network that is made, where none comes from a file.
  package var architecture = Architecture()
  /// Side of the pictures in pixels; a network from a file has its own.
  package var size = 48
  /// A Keras model file whose architecture and weights to begin with; nil for ``architecture``.
  package var from: String?
  /// True to take only the architecture of ``from``.
  package var fromScratch = false
  /// Keras's name for how kernels are drawn; nil for Glorot's uniform, or what ``from`` says.
  package var initializer: String?
  /// Numbers to compute with; weights stay f32.
  package var precision = Precision.f32

  // The optimizer; nil is Keras's default for it.
  /// The optimizer.
  package var optimizer = OptimizerAlgorithm.adam
  /// The peak learning rate; nil for the optimizer's default.
  package var learningRate: Double?
  /// That of SGD; nil for 0.9.
  package var momentum: Double?
  /// Whether SGD's momentum is Nesterov's.
  package var nesterov = true
  /// Adam's decay of the first moments.
  package var beta1 = 0.9
  /// Adam's decay of the second moments.
  package var beta2 = 0.999
  /// Adam's summand against division by zero.
  package var epsilon = 1e-7
  /// Decoupled weight decay, Keras's weight_decay; nil for the optimizer's default.
  package var weightDecay: Double?
  /// Decay of kernels through the gradient: its factor.
  package var l2 = 0.0
  /// The largest norm of all gradients together; nil for no bound.
  package var clipNorm: Double?

  // The schedule.
  /// How the learning rate changes.
  package var schedule = LearningRateSchedule.Shape.constant
  /// Epochs in which the rate rises from 0 first.
  package var warmUp = 0.0
  /// Epochs between two steps of the schedule `step`.
  package var stepEpochs = 10
  /// Decay factor of the schedules `step` and `plateau`.
  package var factor = 0.1
  /// Epochs without improvement before the schedule `plateau` lowers the rate.
  package var patience = 10

  // The loss.
  /// The part of each target that is spread over all classes.
  package var labelSmoothing = 0.0
  /// The weight of each class in the loss.
  package var classWeights = ClassWeights.none
  /// Model files of networks whose answers are learned too; none for the targets alone.
  package var teachers: [String] = []
  /// The temperature that softens the answers of the teachers and of the network (Hinton et al., 2015).
  package var teacherTemperature = 4.0
  /// The teachers' part of the loss.
  package var teacherWeight = 0.9

  // The pictures.
  /// Random changes of pictures; the margin for crops follows from ``crop``.
  package var augmentation = Augmentation.none
  /// Side of the random (in evaluation: central) part of each picture that the network sees; 0 for the whole picture.
  package var crop = 0
  /// Whether each picture is standardized to mean 0 and deviation 1; nil for what ``from`` says, otherwise not.
  package var standardize: Bool?
  /// An input of the network is pixel·scale + offset; nil for what ``from`` says, otherwise 1 and 0.
  package var inputScale: Double?
  /// The offset of an input, see ``inputScale``.
  package var inputOffset: Double?
  /// The margin around a face's box in the model file, a fraction of the box; nil for what ``crop`` takes away.
  package var margin: Double?

  // The choice of weights.
  /// Momentum of the moving average of the weights; 0 for no average.
  package var average = 0.0
  /// Epochs without improvement after which training ends; 0 for never.
  package var earlyStopping = 0

  /// The defaults.
  package init() {}

  /// The peak learning rate of the schedule.
  package var peakRate: Double { learningRate ?? optimizer.defaultLearningRate }

  var learningRateSchedule: LearningRateSchedule {
    var schedule = LearningRateSchedule()
    schedule.shape = self.schedule
    schedule.peak = peakRate
    schedule.warmUpEpochs = warmUp
    schedule.stepEpochs = stepEpochs
    schedule.factor = factor
    schedule.patience = patience
    return schedule
  }

  /// ``augmentation`` with the margin that crops need.
  var wholeAugmentation: Augmentation {
    var augmentation = augmentation
    augmentation.cropMargin = cropMargin
    return augmentation
  }

  /// True if it says how pixels become a network's input.
  package var preparesPixels: Bool { inputScale != nil || inputOffset != nil || standardize != nil }

  /// How many pixels larger than the network's input pictures are loaded.
  package var cropMargin: Int { crop > 0 ? size - crop : 0 }

  /// Checks what depends on more than one value.
  /// - Throws: ``Failure`` (`usage`).
  package func validate() throws(Failure) {
    func refuse(_ cause: String) -> Failure { Failure(.usage, step: "recipe", cause: cause) }
    if crop > size { throw refuse("a crop of \(crop) pixels is larger than the pictures of \(size)") }
    // fm-classify takes no more away from a face's box.
    if crop > 0, Double(size - crop) / 2 / Double(size) > 0.45 {
      throw refuse("a crop of \(crop) pixels leaves less than a tenth of the side of pictures of \(size)")
    }
    if warmUp > 0, warmUp >= Double(epochs), schedule == .cosine {
      throw refuse("the warm-up of \(warmUp) epochs leaves nothing of \(epochs) for the cosine")
    }
    if fromScratch, from == nil { throw refuse("from_scratch needs from") }
    if teachers.isEmpty {
      let standard = Recipe()
      if teacherTemperature != standard.teacherTemperature || teacherWeight != standard.teacherWeight {
        throw refuse("teacher_temperature and teacher_weight need teacher")
      }
    }
    if !optimizer.hasMomentum, momentum != nil {
      let names = OptimizerAlgorithm.allCases.filter(\.hasMomentum).map(\.rawValue)
      throw refuse("momentum is for the optimizer \(names.joined(separator: " or "))")
    }
  }
}

extension Recipe {
  /// Whether every other picture is mirrored.
  var flip: Bool {
    get { augmentation.flip > 0 }
    set { augmentation.flip = newValue ? 0.5 : 0 }
  }

  /// Zoom to both sides of 1 by this much.
  var zoom: Float {
    get { max(augmentation.scale.upperBound - 1, 1 - augmentation.scale.lowerBound) }
    set { augmentation.scale = (1 - newValue)...(1 + newValue) }
  }
}

import CSeeds
import Glibc
import SystemIO

@testable import ExpressionNet
@testable import KerasWriting
@testable import NetworkModel

extension FuzzTarget {
  /// A model file: the first byte says whether the rest is the file itself or a member of one of two archives whose
  /// other members are good; checksums of the archive would else keep nearly every change from its readers.
  static let model = FuzzTarget(
    name: "model", words: ModelSeeds.words, seeds: { ModelSeeds.all },
    run: { bytes in
      guard let kind = bytes.first else { return }
      let rest = Array(bytes.dropFirst())
      var members = kind & 4 == 0 ? ModelSeeds.members : ModelSeeds.nestedMembers
      guard kind % 4 > 0, !members.isEmpty else {
        _ = try? ExpressionModel(bytes: rest, keepingTrainingState: true)
        return
      }
      members[ModelSeeds.names[Int(kind % 4) - 1]] = rest
      let list = members.sorted { $0.key < $1.key }.map { (name: $0.key, contents: FileContents($0.value)) }
      guard let archive = try? ZipWriter.archive(list) else { return }
      _ = try? ExpressionModel(bytes: archive.withBytes { Array($0) }, keepingTrainingState: true)
    })
}

enum ModelSeeds {
  /// A small model with layers of many kinds.
  private static let network = try! ModelGraph(
    name: "small", inputShape: [8, 9, 1],
    sequence: [
      ("scale", .affine(scale: [1 / 255], offset: [0])),
      (
        "first",
        .convolution(
          filters: 2, window: Window(kernel: .init(3, 3)), groups: 1, bias: true, .relu(slope: 0.25))
      ),
      ("normal", .batchNormalization(epsilon: 0.001, momentum: 0.99, center: true, scale: true)),
      ("pool", .maximumPooling(Window(kernel: .init(2, 2), strides: .init(2, 2)))),
      ("drop", .dropout(rate: 0.5)), ("flat", .flatten(pixelsFirst: false)),
      ("last", .dense(units: 3, bias: true, .softmax)),
    ])

  private static let file: [UInt8] = {
    var graph = network
    for (index, layer) in graph.layers.enumerated() {
      for weight in layer.weights {
        let values = [Float](repeating: 0.5, count: weight.shape.reduce(1, *))
        try! graph.setWeight(weight.name, ofLayer: index, to: values)
      }
    }
    return try! ExpressionModel(graph: graph, classes: ["a", "b", "c"]).file.encoded().withBytes { Array($0) }
  }()

  /// The members that are read, in the order of the first byte's numbers.
  static let names = ["config.json", "model.weights.h5", "fm.json"]

  /// The members of ``file``, which the fuzzer's runs read from here.
  static let members: [String: [UInt8]] = {
    let archive = try! ZipArchive(FileContents(file))
    var members: [String: [UInt8]] = [:]
    for name in archive.names {
      members[name] = try! archive.member(name, limit: 1 << 24).withBytes { Array($0) }
    }
    return members
  }()

  /// A Functional model of Keras 3 with a Sequential one in it, whose weights lie in chunks.
  static let nestedMembers: [String: [UInt8]] = {
    var result = members
    result[names[0]] = Array(KerasConfigurations.nested.utf8)
    result[names[1]] = weights(KerasConfigurations.nestedWeights, layout: SEEDS_CHUNKED)
    return result
  }()

  private static let layouts = [
    0, SEEDS_CHUNKED, SEEDS_VARIABLE_TEXTS, SEEDS_NEW_HEADERS,
    SEEDS_CHUNKED | SEEDS_VARIABLE_TEXTS | SEEDS_NEW_HEADERS,
  ]

  /// What `write` writes to the file it is given the name of.
  private static func written(_ write: (String) -> Int32) -> [UInt8] {
    let path = "/tmp/fm-fuzz-\(getpid()).h5"
    defer { unlink(path) }
    guard write(path) == 0, let contents = try? FileContents.read(path) else {
      FuzzTarget.fail("HDF5 does not write \(path)")
    }
    return contents.withBytes { Array($0) }
  }

  private static func weights(_ table: String, layout: Int) -> [UInt8] {
    written { seeds_write_weights($0, table, UInt32(layout)) }
  }

  static var all: [[UInt8]] {
    var seeds = [[0] + file]
    for (index, name) in names.enumerated() {
      seeds.append([UInt8(index + 1)] + members[name]!)
      if name != "fm.json" { seeds.append([UInt8(index + 5)] + nestedMembers[name]!) }
    }
    for configuration in [KerasConfigurations.functional, KerasConfigurations.concatenation] {
      seeds.append([1] + Array(configuration.utf8))
    }
    for layout in layouts {
      seeds.append([6] + weights(KerasConfigurations.nestedWeights, layout: layout))
      seeds.append(
        [0] + written { seeds_write_legacy_model($0, KerasConfigurations.legacy, 16, 3, UInt32(layout)) })
    }
    return seeds
  }

  static let words =
    #"""
    "class_name": "config": "module": "registered_name": "build_config": "layers": "inbound_nodes": "input_layers":
    "output_layers": "keras_history" "batch_shape": "batch_input_shape": "Sequential" "Functional" "InputLayer" "Conv2D"
    "SeparableConv2D" "DepthwiseConv2D" "BatchNormalization" "Activation" "ReLU" "LeakyReLU" "ELU" "Softmax"
    "MaxPooling2D" "AveragePooling2D" "GlobalAveragePooling2D" "GlobalMaxPooling2D" "Dropout" "Flatten" "Dense"
    "ZeroPadding2D" "Add" "Concatenate" "RandomFlip" "Rescaling" "Normalization" "filters": "kernel_size": "strides":
    "padding": "valid" "same" "dilation_rate": "depth_multiplier": "data_format": "units": "axis": "pool_size": "scale":
    "classes": "preprocessing": null 1e308 9223372036854775807 -1 0 [] {} SNOD TREE HEAP FRHP OHDR OCHK PK
    """#
    .split { $0 == " " || $0 == "\n" }.map(String.init)
}

import CSeeds
import Glibc
import SystemIO

@testable import ExpressionNet

extension FuzzTarget {
  /// A model file: the first byte says whether the rest is the file itself or a member of an archive whose other
  /// members are good; checksums of the archive would else keep nearly every change from its readers.
  static let model = FuzzTarget(
    name: "model", words: ModelSeeds.words, seeds: { ModelSeeds.all },
    run: { bytes in
      guard let kind = bytes.first else { return }
      let rest = Array(bytes.dropFirst())
      var members = ModelSeeds.members
      guard kind % 4 > 0, !members.isEmpty else {
        _ = try? ExpressionModel(bytes: rest, keepingTrainingState: true)
        return
      }
      let names = ["config.json", "model.weights.h5", "fm.json"]
      members[names[Int(kind % 4) - 1]] = rest
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
    return try! ExpressionModel(graph: graph, classes: ["a", "b", "c"]).encoded().withBytes { Array($0) }
  }()

  /// The members of ``file``, which the fuzzer's runs read from here.
  static let members: [String: [UInt8]] = {
    let archive = try! ZipArchive(FileContents(file))
    var members: [String: [UInt8]] = [:]
    for name in archive.names {
      members[name] = try! archive.member(name, limit: 1 << 24).withBytes { Array($0) }
    }
    return members
  }()

  /// A configuration of Keras 2.
  private static let legacy = """
    {"class_name":"Sequential","config":{"name":"sequential","layers":[
    {"class_name":"Flatten","config":{"name":"flat","batch_input_shape":[null,4,4,1],"dtype":"float32"}},
    {"class_name":"Dense","config":{"name":"last","units":3,"activation":"softmax","use_bias":true}}]},
    "keras_version":"2.4.0","backend":"tensorflow"}
    """

  static var all: [[UInt8]] {
    var seeds = [[0] + file]
    for (kind, name) in ["config.json", "model.weights.h5", "fm.json"].enumerated() {
      seeds.append([UInt8(kind + 1)] + members[name]!)
    }
    let functional = """
      {"class_name":"Functional","config":{"name":"f","layers":[
      {"class_name":"InputLayer","name":"in","config":{"name":"in","batch_shape":[null,8,9,1]},"inbound_nodes":[]},
      {"class_name":"ZeroPadding2D","name":"p","config":{"name":"p","padding":[[1,0],[0,1]]},"inbound_nodes":[[["in",0,0,{}]]]},
      {"class_name":"Concatenate","name":"c","config":{"name":"c","axis":-1},"inbound_nodes":[[["in",0,0,{}],["p",0,0,{}]]]}],
      "input_layers":[["in",0,0]],"output_layers":[["c",0,0]]}}
      """
    seeds.append([1] + Array(functional.utf8))
    let path = "/tmp/fm-fuzz-\(getpid()).h5"
    defer { unlink(path) }
    if seeds_write_legacy_model(path, legacy, 16, 3) == 0, let contents = try? FileContents.read(path) {
      seeds.append([0] + contents.withBytes { Array($0) })
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

// swift-tools-version: 6.0
import PackageDescription

let swiftSettings: [SwiftSetting] = [.swiftLanguageMode(.v6)]

/// A library of the project, with the targets it stands on.
func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

/// A command: options, validation, composition; what it does is in the libraries.
func command(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .executableTarget(
    name: name,
    dependencies: dependencies + [
      "FilterTool", "FrameStream", "SystemIO",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    exclude: exclude, swiftSettings: swiftSettings)
}

/// The tests of one library.
func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, path: "Tests/Units/" + name,
    swiftSettings: swiftSettings)
}

/// What several tests use, in Tests/Support.
func support(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: "Tests/Support/" + name, swiftSettings: swiftSettings)
}

/// A program that a benchmark.py beside it runs in turns with a peer.
func benchmark(_ topic: String, _ dependencies: [Target.Dependency], exclude: [String]) -> Target {
  .executableTarget(
    name: topic.lowercased() + "-benchmark", dependencies: dependencies, path: "Tests/Benchmarks/" + topic,
    exclude: exclude, swiftSettings: swiftSettings)
}

let package = Package(
  name: "fm",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // C: system modules, and shims that hide macros and version differences.
    .target(
      name: "CFFmpeg",
      linkerSettings: ["avformat", "avcodec", "swscale", "avutil"].map {
        .linkedLibrary($0)
      }),
    .target(name: "CProcessor"),
    .target(name: "CCascade", dependencies: ["CProcessor"]),
    .target(name: "COneDNN"),
    .target(name: "CLayers", dependencies: ["CProcessor"]),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(name: "CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(
      name: "CPangoCairo", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev"])]),

    // Libraries, arrows one way.
    library("SystemIO", ["CProcessor"]),
    library("FrameStream", ["SystemIO"]),
    library("FrameMedia", ["CFFmpeg", "FrameStream", "SystemIO"]),
    library("FaceCascade", ["CCascade", "CXML2", "FrameStream", "SystemIO"]),
    library("ExpressionNet", ["COneDNN", "CLayers", "CZip", "FrameStream", "SystemIO"]),
    library("KerasWriting", ["CHDF5", "CZip", "ExpressionNet", "FrameStream", "SystemIO"]),
    library("FaceDrawing", ["CPangoCairo", "FrameStream", "SystemIO"]),
    library(
      "ExpressionTraining",
      ["FaceDrawing", "ExpressionNet", "FrameMedia", "FrameStream", "KerasWriting", "SystemIO"]),
    library(
      "FilterTool",
      [
        "FrameStream", "SystemIO",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Commands.
    command("fm-decode", ["FrameMedia"]),
    command("fm-detect", ["FaceCascade"]),
    command("fm-classify", ["ExpressionNet"], exclude: ["Models"]),
    command("fm-annotate", ["FrameMedia", "FaceDrawing"]),
    command("fm-train", ["ExpressionNet", "ExpressionTraining", "KerasWriting"], exclude: ["Recipes"]),

    // What tests share.
    .target(name: "CAllocationCounter", path: "Tests/Support/CAllocationCounter"),
    support("Checkout"),
    support("SeededNoise"),
    support("CascadePictures", ["FrameStream"]),

    // Tests, in the order of the libraries.
    tests(of: "CProcessor"),
    tests(of: "CCascade", ["SeededNoise"]),
    tests(of: "CLayers", ["SeededNoise"]),
    tests(of: "SystemIO"),
    tests(of: "FrameStream"),
    tests(of: "FrameMedia", ["Checkout"]),
    tests(of: "FaceCascade", ["CAllocationCounter", "CascadePictures", "Checkout", "SeededNoise"]),
    tests(
      of: "ExpressionNet",
      ["CAllocationCounter", "Checkout", "COneDNN", "CHDF5", "KerasWriting", "SeededNoise"]),
    tests(of: "FaceDrawing"),
    tests(of: "ExpressionTraining", ["Checkout", "ExpressionNet", "KerasWriting", "SeededNoise"]),
    tests(of: "FilterTool", ["SeededNoise"]),
    .testTarget(
      name: "ToolTests",
      dependencies: [
        "Checkout", "fm-decode", "fm-detect", "fm-classify", "fm-annotate", "fm-train", "SystemIO",
      ],
      path: "Tests/Tools", swiftSettings: swiftSettings),

    // Against the reference implementations.
    .testTarget(
      name: "CascadePeerTests", dependencies: ["FaceCascade", "CascadePictures", "SeededNoise", "SystemIO"],
      path: "Tests/Peers/Cascade", exclude: ["oracle.py"], swiftSettings: swiftSettings),
    .testTarget(
      name: "KerasPeerTests", dependencies: ["ExpressionNet", "ExpressionTraining", "KerasWriting"],
      path: "Tests/Peers/Keras", exclude: ["make_models.py", "check_models.py", "train_models.py"],
      swiftSettings: swiftSettings),

    // Programs that are timed beside the peers.
    benchmark("Cascade", ["FaceCascade", "FrameStream", "SystemIO"], exclude: ["benchmark.py"]),
    benchmark(
      "Network", ["ExpressionNet", "KerasWriting", "SeededNoise", "SystemIO"],
      exclude: ["benchmark.py", "onnx_model.py"]),
    benchmark("Training", ["ExpressionNet", "ExpressionTraining", "SystemIO"], exclude: ["benchmark.py"]),
  ]
)

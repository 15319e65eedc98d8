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
    name: name + "Tests", dependencies: [.byName(name: name)] + dependencies,
    swiftSettings: swiftSettings)
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
    .target(name: "CKernels"),
    .target(name: "CDNNL"),
    .target(name: "CNetwork"),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(name: "CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(
      name: "CPangoCairo", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev"])]),

    // Libraries, arrows one way.
    library("SystemIO", []),
    library("FrameStream", ["SystemIO"]),
    library("FrameMedia", ["CFFmpeg", "FrameStream", "SystemIO"]),
    library("FaceCascade", ["CKernels", "CXML2", "FrameStream", "SystemIO"]),
    library("ExpressionNet", ["CDNNL", "CNetwork", "CZip", "FrameStream", "SystemIO"]),
    library("ModelWriting", ["CHDF5", "CZip", "ExpressionNet", "FrameStream", "SystemIO"]),
    library("FaceDrawing", ["CPangoCairo", "FrameStream", "SystemIO"]),
    library(
      "ExpressionTraining",
      ["FaceDrawing", "ExpressionNet", "FrameMedia", "FrameStream", "ModelWriting", "SystemIO"]),
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
    command("fm-train", ["ExpressionNet", "ExpressionTraining", "ModelWriting"], exclude: ["Recipes"]),

    // Tests.
    tests(of: "SystemIO"),
    tests(of: "FrameStream"),
    tests(of: "FrameMedia"),
    tests(of: "CKernels", ["SeededNoise"]),
    tests(of: "CNetwork", ["SeededNoise"]),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .target(name: "SeededNoise", path: "Tests/SeededNoise", swiftSettings: swiftSettings),
    .target(
      name: "CascadePictures", dependencies: ["FrameStream"], path: "Tests/CascadePictures",
      swiftSettings: swiftSettings),
    tests(of: "FaceCascade", ["CAllocationCounter", "CascadePictures", "SeededNoise"]),
    .executableTarget(
      name: "cascade-benchmark", dependencies: ["FaceCascade", "FrameStream", "SystemIO"],
      path: "Tests/CascadeBenchmark", exclude: ["benchmark.py"], swiftSettings: swiftSettings),
    .testTarget(
      name: "CascadePeerTests", dependencies: ["FaceCascade", "CascadePictures", "SeededNoise"],
      exclude: ["oracle.py"], swiftSettings: swiftSettings),
    tests(of: "ExpressionNet", ["CAllocationCounter", "CDNNL", "CHDF5", "ModelWriting", "SeededNoise"]),
    .executableTarget(
      name: "network-benchmark", dependencies: ["ExpressionNet", "ModelWriting", "SeededNoise", "SystemIO"],
      path: "Tests/NetworkBenchmark", exclude: ["benchmark.py", "onnx_model.py"], swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "KerasPeerTests", dependencies: ["ExpressionNet", "ExpressionTraining", "ModelWriting"],
      exclude: ["make_models.py", "check_models.py", "train_models.py"], swiftSettings: swiftSettings),
    .executableTarget(
      name: "training-benchmark", dependencies: ["ExpressionNet", "ExpressionTraining", "SystemIO"],
      path: "Tests/TrainingBenchmark", exclude: ["benchmark.py"], swiftSettings: swiftSettings),
    tests(of: "FaceDrawing"),
    tests(of: "ExpressionTraining", ["ExpressionNet", "ModelWriting", "SeededNoise"]),
    tests(of: "FilterTool", ["SeededNoise"]),
    .testTarget(
      name: "ToolTests",
      dependencies: ["fm-decode", "fm-detect", "fm-classify", "fm-annotate", "fm-train", "SystemIO"],
      swiftSettings: swiftSettings),
  ]
)

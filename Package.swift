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

/// Tests that compute little are compiled without optimization, in half the time; what they test is optimized.
let testSettings = swiftSettings + [.unsafeFlags(["-Onone"])]

/// The tests of one library; optimized where they compute the expected answers of kernels or count allocations.
func tests(of name: String, _ dependencies: [Target.Dependency] = [], optimized: Bool = false) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, path: "Tests/Units/" + name,
    swiftSettings: optimized ? swiftSettings : testSettings)
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

/// The commit that --version prints, if the environment has it, as the Makefile does; `swift build` alone prints none.
let commit = Context.environment["FM_COMMIT"].flatMap { name in
  !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
    ? name : nil
}

let package = Package(
  name: "fm",
  products: [
    // For people who write a filter in Swift; the commands are products by themselves. SystemIO is there for the types
    // of its signatures: descriptors and failures.
    .library(name: "FrameStream", targets: ["FrameStream", "SystemIO"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0")
  ],
  targets: [
    // C: system modules, and shims that hide macros and version differences.
    .target(
      name: "CFFmpeg",
      linkerSettings: ["avformat", "avcodec", "swresample", "swscale", "avutil"].map {
        .linkedLibrary($0)
      }),
    .target(name: "CProcessor"),
    .target(name: "CVersion", cSettings: commit.map { [.define("FM_COMMIT", to: "\"\($0)\"")] }),
    .target(name: "CCascade", dependencies: ["CProcessor"]),
    .target(name: "COneDNN"),
    .target(name: "CLayers", dependencies: ["CProcessor"]),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(
      name: "CPangoCairo", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev"])]),

    // Libraries, arrows one way.
    library("SystemIO", ["CProcessor"]),
    library("Zstandard", ["CZstd", "SystemIO"]),
    library("FrameStream", ["SystemIO", "Zstandard"]),
    library("StoredStream", ["FrameStream", "SystemIO", "TextTables", "Zstandard"]),
    library("FrameMedia", ["CFFmpeg", "FrameStream", "SystemIO"]),
    library("StreamSource", ["FrameMedia", "FrameStream", "SystemIO"]),
    library("FaceCascade", ["CCascade", "CXML2", "FrameStream", "SystemIO"]),
    library("NetworkModel", ["CZip", "FrameStream", "SystemIO"]),
    library("KerasWriting", ["CHDF5", "CZip", "FrameStream", "NetworkModel", "SystemIO"]),
    library("NetworkEngine", ["CLayers", "COneDNN", "CProcessor", "NetworkModel", "SystemIO"]),
    library("FaceInput", ["FrameStream", "NetworkModel", "SystemIO"]),
    library(
      "ExpressionNet",
      ["FaceInput", "FrameStream", "NetworkEngine", "NetworkModel", "SystemIO", "TextTables"]),
    library("FaceNetwork", ["FaceInput", "FrameStream", "NetworkEngine", "NetworkModel", "SystemIO"]),
    library("FaceTracking", ["FaceInput", "FrameStream", "SystemIO"]),
    library("TextTables", ["SystemIO"]),
    library("Drawing", ["CPangoCairo", "TextTables"]),
    library("FaceHiding", ["FrameStream", "SystemIO"]),
    library("ExpressionPalette", []),
    library("FaceDrawing", ["Drawing", "ExpressionPalette", "FrameStream", "SystemIO", "TextTables"]),
    library(
      "PictureData", ["FaceInput", "FrameMedia", "FrameStream", "NetworkModel", "SystemIO", "TextTables"]),
    library("TrainingReports", ["Drawing", "FrameStream", "SystemIO", "TextTables"]),
    library("NetworkTraining", ["FrameStream", "NetworkEngine", "NetworkModel", "PictureData", "SystemIO"]),
    library(
      "FindingsExport", ["ExpressionPalette", "FrameStream", "SystemIO", "TextTables", "TrainingReports"]),
    library(
      "ExpressionTraining",
      [
        "ExpressionNet", "FrameStream", "KerasWriting", "NetworkEngine", "NetworkModel", "NetworkTraining",
        "PictureData", "SystemIO",
        "TextTables", "TrainingReports",
      ]),
    library(
      "DetectorTraining",
      [
        "FaceCascade", "FaceNetwork", "FrameMedia", "FrameStream", "NetworkEngine", "NetworkModel",
        "NetworkTraining", "PictureData", "SystemIO", "TextTables", "TrainingReports",
      ]),
    library(
      "FilterTool",
      [
        "CVersion", "FrameStream", "SystemIO", "TextTables",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Commands.
    command("fm-decode", ["FrameMedia", "StreamSource"]),
    command(
      "fm-detect", ["FaceCascade", "FaceNetwork", "NetworkEngine", "NetworkModel"], exclude: ["Detectors"]),
    command(
      "fm-classify", ["ExpressionNet", "FaceInput", "NetworkEngine", "NetworkModel", "TextTables"],
      exclude: ["Models"]),
    command("fm-track", ["FaceTracking"]),
    command("fm-annotate", ["FaceDrawing", "FaceHiding", "FrameMedia", "TextTables"]),
    command("fm-export", ["FindingsExport", "TextTables", "TrainingReports"]),
    command("fm-stream", ["StoredStream", "TextTables"]),
    command(
      "fm-train",
      [
        "DetectorTraining", "ExpressionNet", "ExpressionTraining", "FaceCascade", "FaceNetwork",
        "KerasWriting",
        "NetworkEngine", "NetworkModel", "NetworkTraining", "PictureData", "TextTables", "TrainingReports",
      ],
      exclude: ["Recipes"]),

    // What tests share.
    .target(name: "CAllocationCounter", path: "Tests/Support/CAllocationCounter"),
    support("Checkout"),
    support("SeededNoise"),
    support("CascadePictures", ["FrameStream"]),
    support("ModelFixtures", ["Checkout", "KerasWriting", "NetworkModel", "SeededNoise"]),
    support("ONNXParts"),
    support("DetectorFixtures", ["ONNXParts"]),
    support("PredictionFixtures", ["SeededNoise", "TrainingReports"]),
    support("ShapePictures", ["PictureData", "SystemIO"]),
    support(
      "WorstInputs",
      [
        "ExpressionTraining", "FaceCascade", "FrameStream", "NetworkModel", "ONNXParts", "PictureData",
        "TrainingReports",
      ]),

    // Tests, in the order of the libraries.
    tests(of: "CProcessor"),
    tests(of: "CCascade", ["SeededNoise"], optimized: true),
    tests(of: "CLayers", ["SeededNoise"], optimized: true),
    tests(of: "SystemIO"),
    tests(of: "Zstandard", ["SystemIO"]),
    tests(of: "FrameStream"),
    tests(of: "StoredStream", ["Checkout", "FrameStream", "SystemIO", "Zstandard"]),
    tests(of: "FrameMedia", ["Checkout"], optimized: true),
    tests(of: "StreamSource", ["FrameMedia", "FrameStream", "SystemIO"]),
    tests(
      of: "FaceCascade", ["CAllocationCounter", "CascadePictures", "Checkout", "SeededNoise"], optimized: true
    ),
    tests(
      of: "NetworkModel",
      ["CHDF5", "KerasWriting", "ModelFixtures", "NetworkEngine", "ONNXParts", "SeededNoise"]),
    tests(of: "NetworkEngine", ["KerasWriting", "ModelFixtures", "SeededNoise"], optimized: true),
    tests(of: "FaceInput", ["NetworkModel", "SeededNoise"], optimized: true),
    tests(
      of: "ExpressionNet",
      [
        "CAllocationCounter", "COneDNN", "FaceInput", "KerasWriting", "ModelFixtures", "NetworkEngine",
        "ONNXParts", "SeededNoise",
      ], optimized: true),
    tests(
      of: "FaceNetwork",
      [
        "CAllocationCounter", "DetectorFixtures", "FaceInput", "FrameStream", "NetworkEngine", "NetworkModel",
        "SeededNoise", "SystemIO",
      ], optimized: true),
    tests(of: "FaceTracking", ["FrameStream", "SeededNoise"]),
    tests(of: "TextTables"),
    tests(of: "Drawing"),
    tests(of: "FaceHiding"),
    tests(of: "FaceDrawing"),
    tests(of: "FindingsExport", ["FrameStream", "SystemIO", "TextTables", "TrainingReports"]),
    tests(of: "PictureData", ["FaceInput", "SeededNoise", "ShapePictures"]),
    tests(of: "TrainingReports", ["ExpressionNet", "PictureData", "PredictionFixtures", "SeededNoise"]),
    tests(of: "NetworkTraining", ["FrameStream", "NetworkEngine", "NetworkModel", "SystemIO"]),
    tests(
      of: "ExpressionTraining",
      [
        "Checkout", "ExpressionNet", "KerasWriting", "NetworkEngine", "NetworkModel", "NetworkTraining",
        "PredictionFixtures", "SeededNoise",
        "ShapePictures",
      ]),
    tests(
      of: "DetectorTraining",
      [
        "FaceNetwork", "FrameStream", "KerasWriting", "NetworkEngine", "NetworkModel", "PictureData",
        "SeededNoise",
        "SystemIO", "TrainingReports",
      ], optimized: true),
    tests(of: "FilterTool", ["SeededNoise"]),
    .testTarget(
      name: "ToolTests",
      dependencies: [
        "Checkout", "DetectorFixtures", "fm-decode", "fm-detect", "fm-classify", "fm-track", "fm-annotate",
        "fm-export",
        "fm-stream",
        "fm-train", "ONNXParts", "SystemIO",
      ],
      path: "Tests/Tools", swiftSettings: testSettings),

    .testTarget(
      name: "GrowthTests", dependencies: ["WorstInputs"], path: "Tests/Growth", swiftSettings: testSettings),

    // Against the reference implementations.
    .testTarget(
      name: "CascadePeerTests",
      dependencies: ["FaceCascade", "FrameStream", "CascadePictures", "SeededNoise", "SystemIO"],
      path: "Tests/Peers/Cascade", exclude: ["oracle.py"], swiftSettings: testSettings),
    .testTarget(
      name: "KerasPeerTests",
      dependencies: [
        "Checkout", "DetectorTraining", "ExpressionNet", "ExpressionTraining", "KerasWriting",
        "NetworkEngine", "NetworkModel", "NetworkTraining", "SeededNoise", "SystemIO",
      ],
      path: "Tests/Peers/Keras",
      exclude: [
        "make_models.py", "check_models.py", "train_models.py", "train_detector.py", "make_graphs.py",
        "applications.py",
      ],
      swiftSettings: testSettings),

    .testTarget(
      name: "ExportPeerTests", dependencies: ["Checkout", "FindingsExport", "FrameStream", "SystemIO"],
      path: "Tests/Peers/Export", exclude: ["make_findings.py", "read_exports.py", "view_report.py"],
      swiftSettings: testSettings),
    .testTarget(
      name: "ONNXPeerTests",
      dependencies: ["Checkout", "NetworkEngine", "NetworkModel", "ONNXParts", "SeededNoise", "SystemIO"],
      path: "Tests/Peers/ONNX", exclude: ["run_models.py"], swiftSettings: testSettings),

    // The examples of FrameStream's documentation, which see what an outside package sees.
    .executableTarget(
      name: "read-a-stream", dependencies: ["FrameStream", "SystemIO"], path: "Tests/Examples/ReadAStream",
      packageAccess: false, swiftSettings: swiftSettings),
    .executableTarget(
      name: "large-faces", dependencies: ["FrameStream", "SystemIO"], path: "Tests/Examples/LargeFaces",
      exclude: ["large-faces", "large_faces.py"], packageAccess: false, swiftSettings: swiftSettings),

    // Programs that are timed, most of them beside the peers.
    benchmark("Cascade", ["FaceCascade", "FrameStream", "SystemIO"], exclude: ["benchmark.py"]),
    benchmark("Canvases", ["PictureData", "SystemIO"], exclude: []),
    benchmark("Growth", ["WorstInputs"], exclude: []),
    benchmark(
      "Network", ["KerasWriting", "NetworkEngine", "NetworkModel", "SeededNoise", "SystemIO"],
      exclude: ["benchmark.py", "detectors.py", "onnx_model.py"]),
    benchmark(
      "Training",
      [
        "ExpressionNet", "ExpressionTraining", "NetworkEngine", "NetworkModel", "NetworkTraining",
        "PictureData",
        "SystemIO",
      ],
      exclude: ["benchmark.py"]),
  ]
)

// swift-tools-version: 6.0
import PackageDescription

// libFuzzer targets for what reads foreign bytes, with AddressSanitizer and LeakSanitizer, and for C with
// UndefinedBehaviorSanitizer, which AddressSanitizer's library brings along; Swift traps by itself. A package of its
// own, so that the project's own build knows nothing of sanitizers; it compiles the same sources, through the link
// Libraries.

let sanitizers = ["-sanitize=fuzzer,address"]
let swiftSettings: [SwiftSetting] = [.swiftLanguageMode(.v6), .unsafeFlags(sanitizers + ["-enable-testing"])]
let cSettings: [CSetting] = [
  .unsafeFlags(["-fsanitize=fuzzer-no-link,address,undefined", "-fno-sanitize-recover=undefined", "-g"])
]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, path: "Libraries/" + name, swiftSettings: swiftSettings)
}

func system(_ name: String, _ package: String) -> Target {
  .systemLibrary(name: name, path: "Libraries/" + name, pkgConfig: package)
}

let package = Package(
  name: "fuzz",
  targets: [
    .target(name: "CProcessor", path: "Libraries/CProcessor", cSettings: cSettings),
    .target(
      name: "CCascade", dependencies: ["CProcessor"], path: "Libraries/CCascade", cSettings: cSettings),
    .target(name: "COneDNN", path: "Libraries/COneDNN", cSettings: cSettings),
    .target(name: "CLayers", dependencies: ["CProcessor"], path: "Libraries/CLayers", cSettings: cSettings),
    .target(
      name: "CFFmpeg", path: "Libraries/CFFmpeg", cSettings: cSettings,
      linkerSettings: ["avformat", "avcodec", "swresample", "swscale", "avutil"].map { .linkedLibrary($0) }),
    system("CHDF5", "hdf5"), system("CZip", "libzip"), system("CXML2", "libxml-2.0"),
    system("CPangoCairo", "pangocairo"), system("CZstd", "libzstd"),
    library("SystemIO", ["CProcessor"]),
    library("Zstandard", ["CZstd", "SystemIO"]),
    library("FrameStream", ["SystemIO", "Zstandard"]),
    library("StoredStream", ["FrameStream", "SystemIO", "TextTables", "Zstandard"]),
    library("FaceCascade", ["CCascade", "CXML2", "FrameStream", "SystemIO"]),
    library("NetworkModel", ["CZip", "FrameStream", "SystemIO"]),
    library("KerasWriting", ["CHDF5", "CZip", "FrameStream", "NetworkModel", "SystemIO"]),
    library("NetworkEngine", ["CLayers", "COneDNN", "CProcessor", "NetworkModel", "SystemIO"]),
    library("FaceInput", ["FrameStream", "NetworkModel", "SystemIO"]),
    library(
      "ExpressionNet",
      ["FaceInput", "FrameStream", "NetworkEngine", "NetworkModel", "SystemIO", "TextTables"]),
    library("FaceNetwork", ["FaceInput", "FrameStream", "NetworkEngine", "NetworkModel", "SystemIO"]),
    library("FrameMedia", ["CFFmpeg", "FrameStream", "SystemIO"]),
    library("TextTables", ["SystemIO"]),
    library("Drawing", ["CPangoCairo", "TextTables"]),
    library(
      "PictureData", ["FaceInput", "FrameMedia", "FrameStream", "NetworkModel", "SystemIO", "TextTables"]),
    library("TrainingReports", ["Drawing", "FrameStream", "SystemIO", "TextTables"]),
    library("NetworkTraining", ["FrameStream", "NetworkEngine", "NetworkModel", "PictureData", "SystemIO"]),
    library(
      "ExpressionTraining",
      [
        "ExpressionNet", "FrameStream", "KerasWriting", "NetworkEngine", "NetworkModel", "NetworkTraining",
        "PictureData",
        "SystemIO",
        "TextTables", "TrainingReports",
      ]),
    library(
      "DetectorTraining",
      [
        "FaceCascade", "FaceNetwork", "FrameMedia", "FrameStream", "NetworkEngine", "NetworkModel",
        "NetworkTraining", "PictureData", "SystemIO", "TextTables", "TrainingReports",
      ]),
    .target(name: "ONNXParts", path: "ONNXParts", swiftSettings: swiftSettings),
    .target(name: "CSeeds", dependencies: ["CHDF5"], path: "CSeeds"),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "CSeeds", "DetectorTraining", "FaceCascade", "ExpressionNet", "ExpressionTraining", "FrameStream",
        "KerasWriting", "NetworkModel", "ONNXParts", "PictureData", "StoredStream", "SystemIO", "TextTables",
        "TrainingReports", "Zstandard",
      ],
      path: "Targets",
      swiftSettings: swiftSettings + [.unsafeFlags(["-parse-as-library"])],
      linkerSettings: [.unsafeFlags(sanitizers)]),
  ]
)

// swift-tools-version: 6.0
import PackageDescription

// libFuzzer targets for what reads foreign bytes, with AddressSanitizer and LeakSanitizer. A package of its own, so that
// the project's own build knows nothing of sanitizers; it compiles the same sources, through the link Libraries.

let sanitizers = ["-sanitize=fuzzer,address"]
let swiftSettings: [SwiftSetting] = [.swiftLanguageMode(.v6), .unsafeFlags(sanitizers + ["-enable-testing"])]
let cSettings: [CSetting] = [.unsafeFlags(["-fsanitize=fuzzer-no-link,address", "-g"])]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, path: "Libraries/" + name, swiftSettings: swiftSettings)
}

func system(_ name: String, _ package: String) -> Target {
  .systemLibrary(name: name, path: "Libraries/" + name, pkgConfig: package)
}

let package = Package(
  name: "fuzz",
  targets: [
    .target(name: "CKernels", path: "Libraries/CKernels", cSettings: cSettings),
    .target(name: "CDNNL", path: "Libraries/CDNNL", cSettings: cSettings),
    system("CHDF5", "hdf5"), system("CZip", "libzip"), system("CXML2", "libxml-2.0"),
    library("SystemIO", []),
    library("FrameStream", ["SystemIO"]),
    library("FaceCascade", ["CKernels", "CXML2", "FrameStream", "SystemIO"]),
    library("ExpressionNet", ["CDNNL", "CHDF5", "CZip", "FrameStream", "SystemIO"]),
    .target(name: "CSeeds", dependencies: ["CHDF5"], path: "CSeeds"),
    .executableTarget(
      name: "fuzz", dependencies: ["CSeeds", "FaceCascade", "ExpressionNet", "FrameStream", "SystemIO"],
      path: "Targets",
      swiftSettings: swiftSettings + [.unsafeFlags(["-parse-as-library"])],
      linkerSettings: [.unsafeFlags(sanitizers)]),
  ]
)

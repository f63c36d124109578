// swift-tools-version: 6.3

import PackageDescription

let package = Package(
  name: "borel",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Borel", targets: ["Borel"]),
    .library(name: "BorelC", type: .dynamic, targets: ["BorelC"]),
    .executable(name: "borel", targets: ["BorelCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
  ],
  targets: [
    .target(name: "BorelBase"),
    .target(name: "BorelKernels"),
    .target(name: "BorelSpecialFunctions"),
    .target(name: "BorelHeap", dependencies: ["BorelBase"]),
    .target(name: "BorelSyntax", dependencies: ["BorelBase"]),
    .target(name: "BorelLinearAlgebra"),
    .target(
      name: "BorelPrimitives",
      dependencies: ["BorelBase", "BorelHeap", "BorelKernels", "BorelLinearAlgebra"]),
    .target(
      name: "BorelDistributions",
      dependencies: [
        "BorelBase", "BorelHeap", "BorelKernels", "BorelLinearAlgebra", "BorelSpecialFunctions",
      ]),
    .target(name: "BorelIR", dependencies: ["BorelBase", "BorelPrimitives", "BorelDistributions"]),
    .target(name: "BorelStandardLibrary", path: "stdlib", resources: [.embedInCode("borel")]),
    .target(
      name: "BorelCompiler",
      dependencies: [
        "BorelBase", "BorelSyntax", "BorelIR", "BorelPrimitives", "BorelDistributions",
        "BorelStandardLibrary",
      ]),
    .target(
      name: "BorelTransforms",
      dependencies: ["BorelBase", "BorelIR", "BorelPrimitives", "BorelDistributions"]),
    .target(
      name: "BorelRuntime",
      dependencies: [
        "BorelBase", "BorelHeap", "BorelKernels", "BorelPrimitives", "BorelDistributions",
        "BorelIR",
      ]),
    .target(
      name: "BorelData",
      dependencies: ["BorelBase", "BorelIR", .product(name: "SwiftCSV", package: "SwiftCSV")]),
    .target(
      name: "BorelInference",
      dependencies: [
        "BorelBase", "BorelData", "BorelHeap", "BorelDistributions", "BorelSyntax",
        "BorelTransforms", "BorelRuntime", "BorelIR", "BorelKernels", "BorelLinearAlgebra",
        "BorelSpecialFunctions",
      ]),
    .target(
      name: "BorelValidation",
      dependencies: [
        "BorelBase", "BorelCompiler", "BorelData", "BorelDistributions", "BorelHeap", "BorelIR",
        "BorelInference", "BorelPrimitives", "BorelRuntime", "BorelSpecialFunctions",
        "BorelTransforms",
      ]),
    .target(
      name: "Borel",
      dependencies: [
        "BorelBase", "BorelData", "BorelDistributions", "BorelHeap", "BorelSyntax", "BorelIR",
        "BorelCompiler", "BorelTransforms", "BorelKernels", "BorelPrimitives", "BorelRuntime",
        "BorelInference",
      ]),
    .target(name: "CBorel"),
    .target(
      name: "BorelC",
      dependencies: [
        "CBorel", "Borel", "BorelBase", "BorelCompiler", "BorelData", "BorelInference",
      ]),
    .target(
      name: "BorelReport",
      dependencies: ["BorelBase", "BorelData", "BorelInference", "BorelRuntime"]),
    .target(
      name: "BorelReference",
      dependencies: [
        "BorelBase", "BorelDistributions", "BorelInference", "BorelPrimitives",
        "BorelStandardLibrary", "BorelSyntax",
      ]),
    .systemLibrary(
      name: "CReadline", pkgConfig: "readline",
      providers: [.apt(["libreadline-dev"]), .brew(["readline"])]),
    .target(
      name: "BorelREPL",
      dependencies: [
        "Borel", "BorelBase", "BorelCompiler", "BorelData", "BorelDistributions", "BorelHeap",
        "BorelIR", "BorelInference", "BorelReference", "BorelReport", "BorelRuntime", "BorelSyntax",
        "CReadline",
      ]),
    .target(
      name: "BorelLanguageServer",
      dependencies: [
        "BorelBase", "BorelCompiler", "BorelData", "BorelDistributions", "BorelInference",
        "BorelReference", "BorelSyntax",
      ]),
    .executableTarget(
      name: "BorelCommand",
      dependencies: [
        "BorelLanguageServer", "BorelREPL", "BorelReference", "BorelReport", "Borel", "BorelBase",
        "BorelData", "BorelSyntax", "BorelCompiler", "BorelIR",
        "BorelTransforms", "BorelInference", "BorelKernels", "BorelPrimitives", "BorelRuntime",
        "BorelDistributions", "BorelStandardLibrary", "BorelValidation",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [.embedInCode("Jupyter/borel_kernel.py")]),
    .testTarget(name: "BorelBaseTests", dependencies: ["BorelBase"]),
    .testTarget(name: "BorelHeapTests", dependencies: ["BorelHeap"]),
    .testTarget(
      name: "BorelPrimitivesTests",
      dependencies: ["BorelBase", "BorelHeap", "BorelKernels", "BorelPrimitives"]),
    .testTarget(
      name: "BorelKernelsTests", dependencies: ["BorelKernels"], exclude: ["Reference"]),
    .testTarget(name: "BorelSpecialFunctionsTests", dependencies: ["BorelSpecialFunctions"]),
    .testTarget(name: "BorelSyntaxTests", dependencies: ["BorelBase", "BorelSyntax"]),
    .target(
      name: "BorelIRTestSupport", dependencies: ["BorelBase", "BorelIR", "BorelDistributions"],
      path: "Tests/BorelIRTestSupport"),
    .testTarget(
      name: "BorelIRTests",
      dependencies: [
        "BorelBase", "BorelIR", "BorelIRTestSupport", "BorelPrimitives", "BorelDistributions",
      ]),
    .testTarget(
      name: "BorelTransformsTests",
      dependencies: [
        "BorelBase", "BorelSyntax", "BorelIR", "BorelIRTestSupport", "BorelCompiler",
        "BorelTransforms",
      ]),
    .testTarget(
      name: "BorelDistributionsTests",
      dependencies: ["BorelBase", "BorelHeap", "BorelDistributions"],
      exclude: ["Reference"]),
    .testTarget(
      name: "BorelCompilerTests",
      dependencies: [
        "BorelBase", "BorelData", "BorelSyntax", "BorelIR", "BorelPrimitives",
        "BorelDistributions", "BorelCompiler", "BorelInference",
      ]),
    .testTarget(name: "BorelDataTests", dependencies: ["BorelBase", "BorelIR", "BorelData"]),
    .target(
      name: "BorelInferenceTestSupport", dependencies: ["BorelInference"],
      path: "Tests/BorelInferenceTestSupport"),
    .testTarget(
      name: "BorelInferenceTests",
      dependencies: [
        "BorelBase", "BorelCompiler", "BorelData", "BorelIR", "BorelInference",
        "BorelInferenceTestSupport", "BorelRuntime",
      ],
      exclude: ["Reference"]),
    .testTarget(
      name: "BorelValidationTests",
      dependencies: [
        "BorelBase", "BorelCompiler", "BorelIR", "BorelInference", "BorelInferenceTestSupport",
        "BorelRuntime", "BorelTestSupport", "BorelTransforms", "BorelValidation",
      ]),
    .testTarget(
      name: "BorelReportTests",
      dependencies: ["BorelBase", "BorelData", "BorelInference", "BorelReport"],
      exclude: ["Reference"]),
    .testTarget(name: "ExampleTests", dependencies: ["BorelTestSupport", "BorelCommand"]),
    .testTarget(
      name: "BorelRuntimeTests",
      dependencies: [
        "BorelBase", "BorelCompiler", "BorelIR", "BorelIRTestSupport", "BorelKernels",
        "BorelPrimitives", "BorelRuntime", "BorelTransforms",
      ]),
    .target(name: "BorelTestSupport", path: "Tests/BorelTestSupport"),
    .testTarget(
      name: "DocumentationTests",
      dependencies: [
        "BorelTestSupport", "BorelCommand", "BorelCompiler", "BorelReference", "forecast",
      ]),
    // The package of examples/Embedding, so that its tests and its commands in the pages are run.
    .target(
      name: "EmbeddingExample", dependencies: ["Borel"],
      path: "examples/Embedding/Sources/EmbeddingExample", resources: [.embedInCode("Models")]),
    .executableTarget(
      name: "forecast",
      dependencies: [
        "EmbeddingExample", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "examples/Embedding/Sources/forecast"),
    .testTarget(
      name: "EmbeddingExampleTests", dependencies: ["EmbeddingExample"],
      path: "examples/Embedding/Tests/EmbeddingExampleTests"),
    .testTarget(
      name: "BorelTests", dependencies: ["Borel", "BorelInference", "BorelTestSupport"]),
    .testTarget(
      name: "BorelCTests", dependencies: ["BorelC", "CBorel", "BorelTestSupport"],
      exclude: ["errors.c", "nile.c"]),
    .testTarget(
      name: "BorelREPLTests",
      dependencies: ["BorelBase", "BorelIR", "BorelInference", "BorelREPL", "BorelReport"]),
    .testTarget(
      name: "BorelCommandTests", dependencies: ["BorelTestSupport", "BorelCommand"],
      exclude: ["Hostile", "Jupyter"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

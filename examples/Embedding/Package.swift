// swift-tools-version: 6.3

import PackageDescription

let package = Package(
  name: "embedding",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "borel", path: "../.."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .target(
      name: "EmbeddingExample", dependencies: [.product(name: "Borel", package: "borel")],
      resources: [.embedInCode("Models")]),
    .executableTarget(
      name: "forecast",
      dependencies: [
        "EmbeddingExample", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(name: "reports", dependencies: ["EmbeddingExample"]),
    .testTarget(name: "EmbeddingExampleTests", dependencies: ["EmbeddingExample"]),
  ],
  swiftLanguageModes: [.v6]
)

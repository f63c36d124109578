// swift-tools-version: 6.3

import PackageDescription

let package = Package(
  name: "embedding",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "borel", path: "../..")],
  targets: [
    .target(
      name: "EmbeddingExample", dependencies: [.product(name: "Borel", package: "borel")]),
    .executableTarget(name: "Embedding", dependencies: ["EmbeddingExample"]),
  ],
  swiftLanguageModes: [.v6]
)

// swift-tools-version: 6.3

import PackageDescription

let package = Package(
  name: "posterior-service",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "borel", path: "../.."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
  ],
  targets: [
    .target(
      name: "ServiceExample",
      dependencies: [
        .product(name: "Borel", package: "borel"),
        .product(name: "Hummingbird", package: "hummingbird"),
      ],
      resources: [.embedInCode("Models"), .embedInCode("Pages")]),
    .executableTarget(
      name: "service",
      dependencies: [
        "ServiceExample", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(
      name: "ServiceExampleTests",
      dependencies: [
        "ServiceExample", .product(name: "HummingbirdTesting", package: "hummingbird"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)

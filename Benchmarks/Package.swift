// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who builds hopscope builds the benchmark library too.

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v26)],
  dependencies: [
    .package(name: "hopscope", path: ".."),
    // Without its traits, which interpose `malloc`: the counts of allocations are not used here.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.0", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "Stages",
      dependencies: [
        .product(name: "HopscopeStages", package: "hopscope"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      // The benchmark plugin finds targets in a folder of this name only.
      path: "Benchmarks/Stages",
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ],
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ],
  swiftLanguageModes: [.v6]
)

// swift-tools-version: 6.2
import PackageDescription

// A package of its own: it is built with libFuzzer and AddressSanitizer, and nobody who builds hopscope needs it. What
// builds packets and simulates paths is that of the tests, by symbolic links.

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let stages = Target.Dependency.product(name: "HopscopeStages", package: "hopscope")

let package = Package(
  name: "Fuzzing",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "hopscope", path: "..")],
  targets: [
    .systemLibrary(name: "CMemoryFile"),
    .target(
      name: "TestSupport", dependencies: [stages], exclude: ["README.md", "Golden.swift"], swiftSettings: settings),
    .target(name: "Scenarios", dependencies: [stages, "TestSupport"], swiftSettings: settings),
    .executableTarget(
      name: "fuzz", dependencies: [stages, "CMemoryFile", "TestSupport", "Scenarios"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)

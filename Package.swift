// swift-tools-version: 6.2
import PackageDescription

// Targets stand in the order in which data moves through them; a target imports only what stands above it.

let settings: [SwiftSetting] = [
  // An existential costs an allocation above three words: it must be visible where it is used.
  .enableUpcomingFeature("ExistentialAny"),
  // A member is found only through a module that its file imports, so the imports tell the truth.
  .enableUpcomingFeature("MemberImportVisibility"),
  // What a module imports is its own business unless it says `public import`.
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

/// For all modules of the program: every unchecked access says `unsafe`.
let programSettings = settings + [.strictMemorySafety()]

let package = Package(
  name: "hopscope",
  platforms: [.macOS(.v26)],
  products: [
    .executable(name: "hopscope", targets: ["hopscope"]),
    // For the package in Benchmarks; not an interface that is kept stable.
    .library(
      name: "HopscopeStages",
      targets: [
        "Packets", "Captures", "Flows", "StreamAnalysis", "Matching", "Correlation", "Verdicts", "Findings", "Reports",
        "Archive",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
    .systemLibrary(
      name: "CArchive", pkgConfig: "libarchive",
      providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(
      name: "CXXHash", pkgConfig: "libxxhash",
      providers: [.apt(["libxxhash-dev"])]),
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"])]),

    .target(name: "Files", dependencies: ["CXXHash"], exclude: ["README.md"], swiftSettings: programSettings),
    .target(name: "Verdicts", swiftSettings: programSettings),
    .systemLibrary(name: "CMemory"),
    .target(name: "CMapping"),
    .target(
      name: "Packets", dependencies: ["CMemory", "CXXHash"], exclude: ["README.md"], swiftSettings: programSettings),
    .target(
      name: "Captures", dependencies: ["CMapping", "CPcap", "CArchive"], exclude: ["README.md"],
      swiftSettings: programSettings),
    .target(
      name: "Flows", dependencies: ["CMemory", "Packets"], exclude: ["README.md"], swiftSettings: programSettings),
    .target(
      name: "StreamAnalysis", dependencies: ["Packets"], exclude: ["README.md"], swiftSettings: programSettings),
    .target(
      name: "Matching", dependencies: ["Packets", "Flows"], exclude: ["README.md"], swiftSettings: programSettings),
    .target(
      name: "Correlation", dependencies: ["CMemory", "Verdicts", "Packets", "Flows", "Matching"],
      exclude: ["README.md"], swiftSettings: programSettings),
    .target(
      name: "Findings",
      dependencies: ["Packets", "Flows", "StreamAnalysis", "Matching", "Correlation", "Verdicts"],
      exclude: ["README.md"], swiftSettings: programSettings),
    .target(
      name: "Masking", dependencies: ["COpenSSL", "Verdicts"], exclude: ["README.md"], swiftSettings: programSettings),
    .target(name: "Comparison", dependencies: ["Verdicts"], exclude: ["README.md"], swiftSettings: programSettings),
    .target(
      name: "Reports", dependencies: ["Verdicts", "Comparison"], exclude: ["README.md"],
      resources: [.embedInCode("HTML/Assets")], swiftSettings: programSettings),
    .target(
      name: "Archive",
      dependencies: [
        "Files", "Verdicts", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      exclude: ["README.md"], swiftSettings: programSettings),
    .target(
      name: "Exports", dependencies: ["Files", "Verdicts", "Packets", "Captures"], exclude: ["README.md"],
      swiftSettings: programSettings),
    .executableTarget(
      name: "hopscope",
      dependencies: [
        "Files", "Packets", "Captures", "Flows", "StreamAnalysis", "Matching", "Correlation", "Verdicts", "Findings",
        "Masking", "Comparison", "Reports", "Archive", "Exports",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["README.md"],
      swiftSettings: programSettings),

    .target(
      name: "TestSupport", dependencies: ["Packets"], path: "Tests/TestSupport", exclude: ["README.md"],
      swiftSettings: settings),
    .testTarget(name: "PacketsTests", dependencies: ["Packets", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "CapturesTests", dependencies: ["Captures", "CPcap", "TestSupport"], exclude: ["Files"],
      swiftSettings: settings),
    .testTarget(name: "FlowsTests", dependencies: ["Flows", "Packets", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "StreamAnalysisTests", dependencies: ["StreamAnalysis", "Packets", "Captures", "TestSupport"],
      exclude: ["Captures", "Expected"], swiftSettings: settings),
    .testTarget(
      name: "MatchingTests", dependencies: ["Matching", "Flows", "Packets", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "FilesTests", dependencies: ["Files"], swiftSettings: settings),
    .testTarget(name: "MaskingTests", dependencies: ["Masking", "Verdicts"], swiftSettings: settings),
    .testTarget(name: "ComparisonTests", dependencies: ["Comparison", "Verdicts"], swiftSettings: settings),
    .testTarget(
      name: "ExportsTests", dependencies: ["Exports", "Captures", "Files", "Packets", "Verdicts", "TestSupport"],
      swiftSettings: settings),
    .testTarget(name: "VerdictsTests", dependencies: ["Verdicts"], swiftSettings: settings),
    .testTarget(
      name: "ReportsTests", dependencies: ["Reports", "Comparison", "Verdicts", "TestSupport"],
      exclude: ["Golden", "Browser"],
      swiftSettings: settings),
    .testTarget(
      name: "ArchiveTests",
      dependencies: ["Archive", "Files", "Verdicts", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")],
      exclude: ["Layouts"], swiftSettings: settings),
    .target(
      name: "Scenarios", dependencies: ["Packets", "Flows", "Verdicts", "TestSupport"],
      path: "Tests/CorrelationTests/Scenarios", swiftSettings: settings),
    .testTarget(
      name: "CorrelationTests",
      dependencies: ["Correlation", "Matching", "Flows", "Packets", "Verdicts", "Scenarios", "TestSupport"],
      exclude: ["Scenarios"], swiftSettings: settings),
    .testTarget(
      name: "FindingsTests",
      dependencies: [
        "Findings", "Correlation", "Matching", "Flows", "Packets", "Verdicts", "Scenarios", "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["Captures", "Packets", "Flows", "Findings", "Verdicts", "Reports", "TestSupport"],
      exclude: ["Golden"], swiftSettings: settings),
    .testTarget(
      name: "hopscopeTests",
      dependencies: [
        "hopscope", "Captures", "Packets", "Flows", "Verdicts", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)

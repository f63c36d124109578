/// The probability with which each statistical test rejects correct code, if its seed were drawn at
/// random. Seeds are fixed, so that a test that passes goes on to pass; the probabilities say how
/// much a failure means.
///
/// Tests that take their bound from here name their entry; the others state the same number where
/// they stand. Everything adds up to less than `limit`.
package enum FalseAlarms {
  package static let limit = 1e-4

  /// By suite and test, with the number of cases in brackets.
  package static let budget: [String: Double] = [
    // BorelValidationTests
    "means of normal values": 1e-6,
    "means of skewed values": 2e-6,
    "sequential test of a correct sampler": 5e-6,
    "rank test of uniform ranks": 2e-6,
    "share of rejections by the rank test": 2e-6,
    "joint test of a correct kernel": 2e-6,
    "validation of models": 5e-6,
    "tempering": 2e-6,
    "SMC squared": 2e-6,
    "score climbing": 2e-6,
    "validation of moves": 1e-6,
    // BorelInferenceTests
    "MoveTests (7)": 7e-6,
    "ThinnedValuesTests (1)": 6e-7,
    "ProposalTests (5)": 3e-6,
    // BorelTests
    "FilterTests (4)": 1.3e-5,
    "VectorForecastTests (2)": 2e-6,
    // BorelCommandTests, DocumentationTests: `borel validate`
    "validation on the command line": 6e-6,
    // Bounds of 5 standard errors, 5.8e-7 each
    "EvidenceTests (18)": 1.1e-5,
    "ExampleTests (19)": 1.1e-5,
    "SamplerTests of kernels (20)": 1.2e-5,
    "EmbeddingTests, CommandLineTests (2)": 1.2e-6,
    "HostDistributionTests (13)": 1e-6,
    // examples/Embedding
    "EmbeddingExampleTests (2)": 3e-7,
    // BorelDistributionsTests
    "SamplerLaw": 1e-6,
    "VectorMomentTests": 1e-6,
    "VectorCombinatorTests": 1e-6,
    "VectorFiniteSupportTests": 1e-6,
  ]

  /// The share of a test; 0, which fails every statistical test, when the table has none.
  package static func alpha(_ name: String) -> Double { budget[name] ?? 0 }

  package static var total: Double { budget.values.reduce(0, +) }
}

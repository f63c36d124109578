import BorelBase

/// How parameters are learnt: the ascent and when it ends.
package struct LearnSettings: Hashable, Sendable {
  package enum Schedule: String, Hashable, Sendable, CaseIterable {
    /// Steps divided by the running size of the gradient, as long as the rate at first.
    case adam
    /// The rate times the gradient, decreasing.
    case robbinsMonro
    /// To the maximum of the expected complete log-density, which must have a closed form:
    /// expectation-maximisation.
    case em
  }

  /// Most steps of the ascent.
  package var steps: Int
  /// Length of the first steps on the unconstrained scale.
  package var rate: Double
  package var schedule: Schedule
  /// The ascent ends when the average of the second half of the iterates has at most this Monte
  /// Carlo error on the unconstrained scale, and no trend beyond it.
  package var tolerance: Double

  package init(
    steps: Int = 300, rate: Double = 0.1, schedule: Schedule = .adam, tolerance: Double = 0.02
  ) {
    self.steps = steps
    self.rate = rate
    self.schedule = schedule
    self.tolerance = tolerance
  }
}

extension MethodSignature {
  /// The options of `learn`, as programs write them and reference pages show them.
  package static let learn = MethodSignature(
    name: "learn",
    summary: """
      Maximum likelihood of the `param` arguments of a model: stochastic gradient ascent on the \
      unconstrained scale with averaged iterates; the score by Fisher's identity from the \
      executions of an inference method.
      """,
    options: [
      int("steps", 1...1_000_000, default: 300, "most steps of the ascent"),
      real("rate", 1e-6...10, default: 0.1, "length of the first steps on the unconstrained scale"),
      choice(
        "schedule", ["adam", "robbinsMonro", "em"],
        """
        'adam' divides steps by the running size of the gradient, 'robbinsMonro' does not; 'em' is \
        expectation-maximisation, for parameters with a maximum in closed form
        """),
      real(
        "tolerance", 0...1, default: 0.02,
        "the ascent ends when its error on the unconstrained scale is below this"),
    ],
    source: """
      Fisher's identity and Louis' information: Cappé, Moulines, Rydén (2005), sections 10.1.3 and \
      10.1.4; averaging: Polyak, Juditsky (1992); adam: Kingma, Ba (2015); expectation-maximisation: \
      Dempster, Laird, Rubin (1977).
      """)
}

extension LearnSettings {
  /// How the text of a `learn(...)` in a program starts, and what stands between the settings and
  /// the method.
  package static let textPrefix = "learn("
  package static let textSeparator: Character = "|"

  /// - Parameter specification: Of the method `learn`.
  package init(_ specification: MethodSpecification) {
    self.init(
      steps: specification.int("steps"), rate: specification.real("rate"),
      schedule: Schedule(rawValue: specification.choice("schedule")) ?? .adam,
      tolerance: specification.real("tolerance"))
  }
}

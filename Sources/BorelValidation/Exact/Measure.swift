import BorelBase
import BorelHeap
import BorelIR
import BorelInference
import BorelRuntime
import Foundation

/// The unnormalised measure of a program over finitely many outcomes: the masses of the values of
/// every reported variable, of the joint results, and the total, which is the evidence.
///
/// A program's measure is that of its executions: prior probability times weight. An algorithm's is
/// the expectation of its weighted draws, each with weight evidence estimate times normalised
/// weight, over the algorithm's own choices. The law of a sound algorithm is that both are equal.
package struct Measure: Sendable {
  /// A value of a variable, as text; `variable` is `()` for the joint result.
  package struct Outcome: Hashable, Sendable, Comparable {
    package var variable: String
    package var value: String
    package init(_ variable: String, _ value: String) {
      self.variable = variable
      self.value = value
    }
    package static func < (a: Outcome, b: Outcome) -> Bool {
      (a.variable, a.value) < (b.variable, b.value)
    }
  }

  /// Log of the total mass.
  package private(set) var total = LogSum()
  private var masses: [Outcome: LogSum] = [:]

  package init() {}

  /// Adds variables with one or several weighted draws.
  ///
  /// - Parameter logMasses: One per draw.
  package mutating func add(_ variables: [Variable], logMasses: [Double]) {
    for mass in logMasses { total.add(mass) }
    var joint = [String](repeating: "", count: logMasses.count)
    var hasJoint = true
    for variable in variables {
      if variable.probabilities != nil { hasJoint = false }
    }
    for variable in variables {
      let weights =
        variable.probabilities.map { own in
          let scale = LogSum.of(logMasses)
          return own.map { $0 > 0 ? log($0) + scale : -.infinity }
        } ?? logMasses
      let isResult =
        variable.name == "result" || variable.name.hasPrefix("result.")
        || variable.name.hasPrefix("result[")
      for (draw, mass) in weights.enumerated() where mass > -.infinity {
        let isPresent = variable.present.map { $0[draw] } ?? true
        let label = isPresent ? variable.label(of: variable.values[draw]) : "absent"
        if isResult, hasJoint { joint[draw] += "\(variable.name)=\(label) " }
        if isPresent { masses[Outcome(variable.name, label), default: LogSum()].add(mass) }
      }
    }
    guard hasJoint else { return }
    for (draw, mass) in logMasses.enumerated() where mass > -.infinity {
      masses[Outcome("()", joint[draw]), default: LogSum()].add(mass)
    }
  }

  /// The outcomes with positive mass.
  package var outcomes: [Outcome] { masses.keys.sorted() }

  /// Log of the mass of an outcome.
  package func logMass(_ outcome: Outcome) -> Double { masses[outcome]?.value ?? -.infinity }

  /// Where two measures differ: an outcome (or the total) whose masses differ by more than
  /// `tolerance` times the total mass, with both masses.
  ///
  /// - Parameter includesJoint: Whether the joint results are compared.
  package func difference(
    from other: Measure, tolerance: Double = 1e-12, includesJoint: Bool = true
  ) -> String? {
    let scale = max(total.value, other.total.value)
    if scale == -.infinity { return nil }
    func differ(_ a: Double, _ b: Double) -> Bool {
      abs(exp(a - scale) - exp(b - scale)) > tolerance
    }
    if differ(total.value, other.total.value) {
      return "total mass exp(\(total.value)) against exp(\(other.total.value))"
    }
    for outcome in Set(outcomes).union(other.outcomes).sorted() {
      if outcome.variable == "()", !includesJoint { continue }
      let (a, b) = (logMass(outcome), other.logMass(outcome))
      if differ(a, b) {
        let name = outcome.variable == "()" ? "result" : outcome.variable
        return "\(name) = \(outcome.value): mass exp(\(a)) against exp(\(b))"
      }
    }
    return nil
  }
}

extension LogSum {
  /// The log of the sum of the exponentials.
  static func of(_ terms: [Double]) -> Double {
    var sum = LogSum()
    for term in terms { sum.add(term) }
    return sum.value
  }
}

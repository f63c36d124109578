import BorelBase
import BorelCompiler
import BorelDistributions
import BorelIR
import BorelPrimitives

/// Functions and distributions that an app writes in Swift for its programs.
///
/// ```swift
/// var library = HostLibrary()
/// try library.define("growth") { (size: Double, rate: Double) in size + rate * size * (1 - size) }
/// let program = try Program(source: text, library: library)
/// ```
///
/// A library is a value: programs keep the one that they were made with, and programs with different
/// libraries do not see each other's. Functions must be deterministic: the machine may call them
/// more often than the program, in any order and on several threads, and share results.
public struct HostLibrary: Sendable {
  var functions: [Primitive] = []
  var derivatives: [Primitive] = []
  var distributions: [HostDistribution] = []

  public init() {}

  /// The names that are defined, sorted.
  public var names: [String] {
    (functions.compactMap(\.languageName) + distributions.map(\.name)).sorted()
  }

  var table: HostTable {
    if functions.isEmpty, distributions.isEmpty { return .empty }
    return HostTable(
      functions: functions, derivatives: derivatives, distributions: distributions)
  }

  /// - Throws: E0720 when the name is none, or is taken.
  func checkName(_ name: String) throws(Diagnostics) {
    if let objection = LanguageNames.objection(toName: name) {
      throw Diagnostics([.definition(objection, hint: "choose another name")])
    }
    if names.contains(name) {
      throw Diagnostics([
        .definition("the library defines '\(name)' already", hint: "choose another name")
      ])
    }
  }
}

extension BorelBase.Diagnostic {
  static func definition(_ message: String, hint: String? = nil) -> Diagnostic {
    Diagnostic("E0720", .usage, message, at: .none, hints: hint.map { [$0] } ?? [])
  }
}

import BorelBase
import BorelData
import BorelIR
import BorelRuntime

extension Diagnostic {
  /// Applied twice, the involution of a move gives something else than at first.
  static func noRoundTrip(
    _ move: MoveInfo, expected: MovePoint, image: MovePoint, found: MovePoint, _ program: Program
  ) -> Diagnostic {
    Diagnostic(
      "E0524", .inference,
      "'\(move.name)' is no involution: applied twice it does not give the state back",
      at: move.span,
      hints: [
        "expected \(text(expected, move, program))", "found    \(text(found, move, program))",
        "by way of \(text(image, move, program))",
      ])
  }

  /// The determinants of the two ways do not cancel.
  static func determinantsDiffer(
    _ move: MoveInfo, _ forward: Double, _ back: Double
  ) -> Diagnostic {
    Diagnostic(
      "E0524", .inference,
      "'\(move.name)' is no involution: its log-determinants do not sum to 0, found "
        + "\(NumberText.short(forward)) and \(NumberText.short(back))", at: move.span)
  }

  /// The choices of a lane must be those of a record.
  ///
  /// - Throws: E0525 with the first choice that only one of them has.
  static func check(
    _ record: ChoiceRecord, _ locator: ChoiceLocator, in store: ChoiceStore, lane: Int,
    of what: String, from who: String, _ span: Span
  ) throws {
    let choices = locator.choices
    for (field, choice) in choices.enumerated() {
      let values = record.fields[field]
      for index in 0..<max(values.count, locator.indexCount(field)) {
        let isGiven = index < values.count && values[index] != nil
        let isDrawn =
          locator.instance(field, index).map { store.columns($0).present[lane] } ?? false
        if isGiven == isDrawn { continue }
        let name = name(choice, index)
        throw Diagnostic(
          "E0525", .inference,
          isGiven
            ? "\(what) have '\(name)', which \(who) does not draw"
            : "\(what) lack '\(name)', which \(who) draws", at: span,
          hints: [
            "every choice that appears or vanishes with another one must be given or left out"
          ])
      }
    }
  }

  static func otherDimension(
    _ move: MoveInfo, _ point: MovePoint, _ image: MovePoint, _ expected: Int, _ found: Int
  ) -> Diagnostic {
    Diagnostic(
      "E0526", .inference,
      "'\(move.name)' must keep the number of reals in the trace and the auxiliary draws: expected "
        + "\(expected), found \(found)", at: move.span,
      hints: ["before: \(reals(point, move))", "after:  \(reals(image, move))"])
  }

  static func notInvertible(_ move: MoveInfo, _ point: MovePoint) -> Diagnostic {
    Diagnostic(
      "E0527", .inference, "the Jacobian of '\(move.name)' is singular or not finite",
      at: move.span,
      hints: ["at \(reals(point, move))", "an involution uses every real that it takes"])
  }

  static func notANumber(_ move: MoveInfo, _ choice: MoveInfo.Choice, _ index: Int) -> Diagnostic {
    Diagnostic(
      "E0527", .inference, "'\(move.name)' gives NaN for '\(name(choice, index))'", at: move.span)
  }

  static func changedAtom(_ move: MoveInfo, _ name: String, _ family: String?) -> Diagnostic {
    Diagnostic(
      "E0528", .inference,
      "'\(move.name)' changes '\(name)', whose distribution\(quoted(family)) may give single values a "
        + "probability", at: move.span,
      hints: ["leave it to 'singleSite' or 'independent'"])
  }

  static func auxiliaryAtom(
    _ move: MoveInfo, _ name: String, _ family: String?, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0528", .inference,
      "the auxiliary draw '\(name)' of '\(move.name)' is a real, and its distribution"
        + "\(quoted(family)) may give single values a probability", at: span,
      hints: ["draw it from a family with a density, or draw the index of its value"])
  }

  private static func quoted(_ family: String?) -> String { family.map { " '\($0)'" } ?? "" }

  // MARK: Texts

  static func name(_ choice: MoveInfo.Choice, _ index: Int) -> String {
    choice.isIndexed ? "\(choice.name)[\(index)]" : choice.name
  }

  private static func text(_ point: MovePoint, _ move: MoveInfo, _ program: Program) -> String {
    let trace = text(point.trace, move.trace, program)
    return move.proposal == nil
      ? trace : "(\(trace), \(text(point.auxiliary, move.auxiliary, program)))"
  }

  private static func text(
    _ record: ChoiceRecord, _ choices: [MoveInfo.Choice], _ program: Program
  ) -> String {
    let coding = ValueCoding(enumerations: program.enumerations)
    let parts = zip(choices, record.fields).map { choice, values -> String in
      let texts = values.map { $0.map { coding.decode([$0], choice.value).text } ?? "nil" }
      let shown = texts.count > 12 ? texts.prefix(12) + ["..."] : texts[...]
      let value = choice.isIndexed ? "[\(shown.joined(separator: ", "))]" : texts.first ?? "nil"
      return "\(choice.name): \(value)"
    }
    return "{\(parts.joined(separator: ", "))}"
  }

  private static func reals(_ point: MovePoint, _ move: MoveInfo) -> String {
    let names =
      point.trace.coordinates(move.trace).map { name(move.trace[$0.field], $0.index) }
      + point.auxiliary.coordinates(move.auxiliary).map {
        name(move.auxiliary[$0.field], $0.index)
      }
    return names.isEmpty ? "none" : names.prefix(20).joined(separator: ", ")
  }
}

import BorelBase

extension Diagnostic {
  static func drawOfData(
    _ name: String, isModel: Bool, at span: Span, declared: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0220", .check, "'\(name)' is \(isModel ? "data" : "a parameter"), it cannot be drawn",
      at: span, labels: [Label(declared, "declared here")],
      hints: ["score it: `observe \(name) ~ D`"])
  }

  static func drawnTwice(_ name: String, at span: Span, first: Span) -> Diagnostic {
    Diagnostic(
      "E0222", .check, "'\(name)' is drawn twice", at: span,
      labels: [Label(first, "first drawn here")],
      hints: [
        "score a known value with `observe`, or make it redrawable: `var \(name) ~ ...`"
      ])
  }

  static func shadowedLatent(_ name: String, at span: Span, first: Span) -> Diagnostic {
    Diagnostic(
      "E0223", .check, "'\(name)' is a latent of an outer block and is not a variable", at: span,
      labels: [Label(first, "drawn here")],
      hints: ["to redraw it, write `var \(name) ~ ...` there; otherwise choose another name"])
  }

  static func drawOfValue(_ name: String, at span: Span, declared: Span) -> Diagnostic {
    Diagnostic(
      "E0222", .check, "'\(name)' already has a value, it cannot be drawn", at: span,
      labels: [Label(declared, "declared here")],
      hints: ["score it with `observe \(name) ~ D`, or choose another name"])
  }

  static func redrawOfCaptured(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0213", .check, "a closure cannot redraw '\(name)', of which it has a copy", at: span,
      hints: ["give the draw as the result of the closure: `sample D`"])
  }

  static func redrawOfOtherType(
    _ name: String, _ expected: String, _ found: String, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0202", .check, "'\(name)' has the type \(expected), the draw is \(found)", at: span,
      hints: [
        expected == "Int" && found == "Real"
          ? "start the variable with a real number, such as `0.0`"
          : "draw into a variable of the type \(found)"
      ])
  }

  static func notADistribution(_ found: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0226", .check, "expected a distribution, found \(found)", at: span,
      hints: [
        found.hasPrefix("[Dist<")
          ? "independent draws from an array of distributions: `Product(ds)`"
          : "use `let` or `=` for a value that is computed"
      ])
  }

  static func driftOfType(_ found: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0230", .check, "`Drift` moves numbers, the draw is \(found)", at: span,
      hints: ["suggest a distribution instead: `with D`"])
  }

  static func proposalForMany(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0249", .check,
      "a distribution to propose from must stand for one draw, without `Transformed`", at: span,
      hints: ["draw the elements in a loop, or suggest `with Drift(scale)`"])
  }

  static func driftScale(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0246", .check, "the scale of `Drift` must be a positive number that is written out",
      at: span, hints: ["scales that depend on data are learnt: leave `with Drift(...)` out"])
  }

  static func factorOfExp(at span: Span) -> Diagnostic {
    Diagnostic(
      "W0203", .check, "`factor` takes a log-weight, found `exp(...)`", at: span,
      severity: .warning, hints: ["write the exponent alone, if a weight was meant"])
  }

  static func factorOfBool(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0202", .check, "`factor` takes a log-weight, found Bool", at: span,
      hints: ["use `require` for a condition"])
  }

  static func requireOfNumber(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0202", .check, "`require` takes a condition, found a number", at: span,
      hints: ["use `factor` for a log-weight"])
  }

  static func continuousEquality(
    _ left: String, _ right: String, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0228", .check, "an equality of real numbers that are drawn has probability zero", at: span,
      hints: ["allow a tolerance: `observe \(right) ~ Normal(\(left), tol)`"])
  }

  static func tallyNamedLikeLocal(_ name: String, at span: Span, declared: Span) -> Diagnostic {
    Diagnostic(
      "E0203", .check, "'\(name)' is a name of the program and cannot be a tally", at: span,
      labels: [Label(declared, "declared here")], hints: ["give the tally a name of its own"])
  }

  static func scoreAtTopLevel(_ word: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0232", .check, "`\(word)` at the top level has nothing to weigh", at: span,
      hints: ["put it into a model"])
  }
}

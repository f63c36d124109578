import BorelBase
import BorelIR

infix operator ∘ : MultiplicationPrecedence

/// An effect that transforms take away or bring in.
package enum EffectKind: String, Hashable, Sendable, CaseIterable {
  case observe, score, sample, checkpoint, fork
}

/// A rewriting of programs from one representation to another that keeps their meaning, the
/// unnormalised measure on results and declared latents.
///
/// Source: Ścibior, Kammar, Vákár et al. (2018), "Denotational validation of higher-order Bayesian
/// inference", section 4: inference as a composition of such transformations.
package protocol Transform: Sendable, CustomStringConvertible {
  /// As in the compositions that `borel plan` prints.
  var name: String { get }
  /// The representations that the program must have gone through.
  var from: Set<Representation> { get }
  /// The representations that it must not have gone through.
  var excluding: Set<Representation> { get }
  /// Where the transform leads.
  var to: Representation { get }
  /// Effects that no instruction has any more afterwards.
  var removes: Set<EffectKind> { get }
  /// Effects that instructions may have afterwards and had not before.
  var adds: Set<EffectKind> { get }

  /// The rewritten program; `representations` is the caller's business.
  ///
  /// - Throws: `Diagnostics` when the program cannot be brought to the representation.
  func rewrite(_ program: Program) throws -> Program
}

extension Transform {
  package var excluding: Set<Representation> { [to] }
  package var description: String { name }

  /// Rewrites a program and notes the representation.
  ///
  /// - Throws: `Diagnostics`: E0590 when the program is in the wrong representation, otherwise
  ///   what `rewrite` refuses.
  package func apply(_ program: Program) throws -> Program {
    let present = Set(program.representations)
    if let missing = from.subtracting(present).map(\.transformName).min() {
      throw Diagnostics([
        Diagnostic("E0590", .inference, "\(name) needs \(missing) to be applied before", at: .none)
      ])
    }
    if let clash = excluding.intersection(present).map(\.transformName).min() {
      throw Diagnostics([
        Diagnostic("E0590", .inference, "\(name) cannot be applied after \(clash)", at: .none)
      ])
    }
    var result = try rewrite(program)
    if !present.contains(to) { result.representations.append(to) }
    #if DEBUG
      if verify(program).isEmpty, let problem = verify(result).first {
        internalError("\(name) broke a rule of the IR: \(problem)")
      }
    #endif
    return result
  }

  /// `Weighted: observe -> score`.
  package var contract: String {
    func list(_ effects: Set<EffectKind>) -> String {
      effects.isEmpty ? "nothing" : effects.map(\.rawValue).sorted().joined(separator: ", ")
    }
    return "\(name): \(list(removes)) -> \(list(adds))"
  }
}

/// Transforms applied one after the other: `Sequential ∘ Weighted` applies `Weighted` first.
package struct Composition: Sendable, CustomStringConvertible {
  /// In the order in which they are written: the last one is applied first.
  package let parts: [any Transform]

  package init(_ parts: [any Transform]) { self.parts = parts }

  package func apply(_ program: Program) throws -> Program {
    try parts.reversed().reduce(program) { try $1.apply($0) }
  }

  package var description: String { parts.map(\.name).joined(separator: " ∘ ") }
}

package func ∘ (outer: any Transform, inner: any Transform) -> Composition {
  Composition([outer, inner])
}

package func ∘ (outer: Composition, inner: any Transform) -> Composition {
  Composition(outer.parts + [inner])
}

package func ∘ (outer: any Transform, inner: Composition) -> Composition {
  Composition([outer] + inner.parts)
}

extension Program {
  /// The effects of kinds that transforms handle, over all instructions.
  package var effectKinds: Set<EffectKind> {
    var kinds: Set<EffectKind> = []
    for block in functions.lazy.flatMap(\.blocks) {
      for instruction in block.instructions {
        switch instruction.operation {
        case .observe: kinds.insert(.observe)
        case .score: kinds.insert(.score)
        case .sample: kinds.insert(.sample)
        default: break
        }
      }
      switch block.terminator {
      case .checkpoint: kinds.insert(.checkpoint)
      case .fork: kinds.insert(.fork)
      default: break
      }
    }
    return kinds
  }
}

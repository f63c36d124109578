import BorelBase
import BorelDistributions
import BorelIR

// Distributions of the host: their families take a reference to the distribution, the parameters in
// one element of an array, and bounds of the support.
extension FunctionLowering {
  func hostDistribution(_ name: String) -> HostDistribution? {
    owner.checked.host.distributions[name]
  }

  /// What a family takes for the parameters of the program, apart from the reference. The words as
  /// they are for a family of the language.
  func packed(_ family: String, _ words: Words, _ span: Span) -> Words {
    guard let host = hostDistribution(family) else { return words }
    let elements = words.isEmpty ? [builder.int(0, at: span)] : words
    let layout = elements.map { builder.type(of: $0) }
    let array = builder.appendValue(.arrayMake(layout), elements, .array(layout), at: span)
    let bounds = host.support.bounds.map { bound in
      switch bound {
      case .constant(let x): return builder.real(x, at: span)
      case .parameter(let index):
        let word = words[index]
        if builder.type(of: word) == .real { return word }
        return primitive("real.fromInt", [word], .real, at: span)
      }
    }
    return [array] + bounds
  }

  /// Packed parameters with the reference, which is made where it is used.
  func referring(_ family: String, _ words: Words, _ span: Span) -> Words {
    guard hostDistribution(family) != nil else { return words }
    return [primitive(HostTable.referenceName(family), [], .int, at: span)] + words
  }
}

import BorelBase
import BorelInference

/// Which variables are shown: `--vars level,sd[0]`.
struct VariableSelection {
  /// Nil shows all.
  let names: [String]?

  init(_ text: String?) {
    names = text?.split(separator: ",").map { name in
      var name = name
      while name.first?.isWhitespace == true { name.removeFirst() }
      while name.last?.isWhitespace == true { name.removeLast() }
      return String(name)
    }
  }

  /// A name selects the variable itself, the elements of an array and the parts of a record.
  func variables(of posterior: Posterior) throws(CommandFailure) -> [Variable] {
    guard let names else { return posterior.variables }
    var selected: [Variable] = []
    for name in names {
      let found = posterior.variables.filter {
        $0.name == name || $0.name.hasPrefix(name + "[") || $0.name.hasPrefix(name + ".")
      }
      guard !found.isEmpty else {
        var candidates: [String] = []
        for variable in posterior.variables {
          let candidate = variable.arrayName ?? variable.name
          if !candidates.contains(candidate) { candidates.append(candidate) }
        }
        throw .usage(
          "the result has no variable '\(name)'",
          hint: Spelling.hint(for: name, among: candidates, kind: "variables"))
      }
      selected += found
    }
    return selected
  }
}

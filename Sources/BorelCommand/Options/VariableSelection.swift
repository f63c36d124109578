import BorelBase
import BorelInference

/// Which variables are shown: `--vars level,sd[0]`.
struct VariableSelection {
  /// Nil shows all.
  let names: [String]?

  init(_ text: String?) {
    names = text?.commaSeparated
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

extension String {
  /// The parts between commas, without blanks around them.
  var commaSeparated: [String] {
    split(separator: ",").map { part in
      var part = part
      while part.first?.isWhitespace == true { part.removeFirst() }
      while part.last?.isWhitespace == true { part.removeLast() }
      return String(part)
    }
  }
}

import BorelBase
import BorelSyntax

/// The names that the language itself gives a meaning.
package enum LanguageNames {
  /// Functions for every element type, special forms and constants: for the completeness of the
  /// reference.
  package static var all: Set<String> {
    Set(Catalogue.builtins.keys).union(Catalogue.specialForms).union(Catalogue.constants.keys)
      .union([Catalogue.scriptArguments])
  }

  /// Everything that a program can name without declaring it.
  private static let taken: Set<String> = {
    var names = Set(Catalogue.callableNames).union(Checker.builtinTypes)
    for item in withDeepStack({ StandardLibrarySource.programs }).flatMap(\.items) {
      if case .function(let declaration) = item.kind { names.insert(declaration.name.text) }
    }
    return names
  }()

  /// Why the app cannot give a function or a distribution this name; nil when it can.
  package static func objection(toName name: String) -> String? {
    let list = tokens(of: SourceFile(name: "", text: name)).tokens
    guard let first = list.first, list.count == 2, list[1].kind == .endOfFile,
      first.kind == .identifier, first.start == 0, first.end == name.utf8.count
    else { return "'\(name)' is no name of the language" }
    return taken.contains(name) ? "the language has a '\(name)' already" : nil
  }
}

/// The names that the language itself gives a meaning, for the completeness of its reference.
package enum LanguageNames {
  /// Functions for every element type, special forms and constants.
  package static var all: Set<String> {
    Set(Catalogue.builtins.keys).union(Catalogue.specialForms).union(Catalogue.constants.keys)
      .union([Catalogue.scriptArguments])
  }
}

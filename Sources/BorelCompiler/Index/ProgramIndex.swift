import BorelBase
import BorelSyntax

/// What an editor wants to know about a program, also about one with errors: its symbols, the types
/// of its parts, and where names are declared.
package struct ProgramIndex: Sendable {
  /// A declaration.
  package struct Symbol: Sendable {
    package enum Kind: String, Sendable {
      case model, function, structure, enumeration, constant, variable, field, enumCase
    }
    package var name: String
    package var kind: Kind
    /// The place of the name.
    package var span: Span
    /// The whole declaration.
    package var extent: Span
    /// The declaration without its body.
    package var signature: String
    package var documentation: String
    package var children: [Symbol] = []
  }

  /// A part of the text with a type.
  package struct Occurrence: Sendable {
    package var span: Span
    package var type: String
    /// The local name that it is, and where that is declared.
    package var name: String?
    package var declaration: Span?
  }

  package var symbols: [Symbol] = []
  /// Ascending by length, so that the first one that contains a place is the smallest.
  package var occurrences: [Occurrence] = []
  package var diagnostics: [Diagnostic] = []
  package var sourceMap: SourceMap

  /// Parses and checks a text.
  package init(_ file: SourceFile, validateMethod: MethodValidation?) {
    self = withDeepStack {
      let (program, syntax) = parse(file, fileIndex: 0)
      let map = SourceMap([file] + StandardLibrarySource.files)
      let checker = Checker(sourceMap: map, validateMethod: validateMethod)
      let checked = checker.check(program)
      var index = ProgramIndex(sourceMap: map)
      index.diagnostics = syntax + checker.sortedDiagnostics()
      index.symbols = SymbolCollector(file: file).symbols(of: program)
      var collector = OccurrenceCollector(types: checker.types)
      for (state, function) in zip(checker.functions, checked.functions) where !state.isLibrary {
        collector.collect(function)
      }
      index.occurrences = collector.occurrences.sorted { $0.span.length < $1.span.length }
      return index
    }
  }

  private init(sourceMap: SourceMap) { self.sourceMap = sourceMap }

  /// The smallest part with a type around a range.
  package func occurrence(around span: Span) -> Occurrence? {
    occurrences.first { $0.span.start <= span.start && $0.span.end >= span.end }
  }

  /// The top-level declaration of a name, or the member of one.
  package func symbol(named name: String) -> Symbol? {
    symbols.first { $0.name == name }
      ?? symbols.lazy.flatMap(\.children).first { $0.name == name }
  }

  /// Names of locals that are declared in front of a place in the function around it, and types.
  package func locals(before offset: Int) -> [(name: String, type: String)] {
    let around = symbols.last { Int($0.extent.start) <= offset && offset <= Int($0.extent.end) }
    let start = around.map { Int($0.extent.start) } ?? 0
    var seen: Set<String> = []
    return occurrences.compactMap { occurrence in
      guard let name = occurrence.name, occurrence.declaration == occurrence.span,
        Int(occurrence.span.start) >= start, Int(occurrence.span.end) <= offset,
        seen.insert(name).inserted
      else { return nil }
      return (name, occurrence.type)
    }
  }
}

extension Span {
  fileprivate var length: Int32 { end - start }
}

/// Walks over typed functions and notes types and local names.
private struct OccurrenceCollector: TypedTreeVisitor {
  let types: DeclaredTypes
  var occurrences: [ProgramIndex.Occurrence] = []
  private var locals: [TypedLocal] = []

  init(types: DeclaredTypes) { self.types = types }

  mutating func collect(_ function: TypedFunction) {
    locals = function.locals
    for local in locals where !local.name.isEmpty && local.span.file == 0 {
      note(local.span, local.type, local)
    }
    visit(function.body)
  }

  private mutating func note(_ span: Span, _ type: StaticType, _ local: TypedLocal?) {
    guard span.file == 0, !type.containsLeaf({ $0 == .error }) else { return }
    occurrences.append(
      ProgramIndex.Occurrence(
        span: span, type: types.text(type), name: local?.name, declaration: local?.span))
  }

  mutating func visit(_ expression: TypedExpression) {
    var local: TypedLocal?
    if case .local(let id) = expression.kind, locals.indices.contains(id.index) {
      local = locals[id.index]
    }
    note(expression.span, expression.type, local?.name.isEmpty == false ? local : nil)
    visitChildren(of: expression)
  }
}

/// Makes symbols of the declarations of a file.
private struct SymbolCollector {
  let file: SourceFile

  func symbols(of program: Program) -> [ProgramIndex.Symbol] {
    program.items.flatMap { item -> [ProgramIndex.Symbol] in
      switch item.kind {
      case .model(let declaration): [function(declaration, .model, item)]
      case .function(let declaration): [function(declaration, .function, item)]
      case .structure(let declaration):
        [
          symbol(
            declaration.name, .structure, item,
            children: declaration.fields.map { member($0.name, .field, $0.type.span) })
        ]
      case .enumeration(let declaration):
        [
          symbol(
            declaration.name, .enumeration, item,
            children: declaration.cases.map { member($0.name, .enumCase, $0.name.span) })
        ]
      case .move(let declaration): [symbol(declaration.name, .function, item)]
      case .statement(let statement): names(of: statement).map { symbol($0, .variable, item) }
      }
    }
  }

  private func names(of statement: Statement) -> [Name] {
    switch statement.kind {
    case .draw(_, let name, _, _): [name]
    case .binding(_, let pattern, _, _): names(of: pattern)
    default: []
    }
  }

  private func names(of pattern: Pattern) -> [Name] {
    switch pattern.kind {
    case .binding(let name): [name]
    case .tuple(let parts): parts.flatMap { names(of: $0) }
    case .wildcard, .literal, .enumCase: []
    }
  }

  private func function(
    _ declaration: FunctionDeclaration, _ kind: ProgramIndex.Symbol.Kind, _ item: Item
  ) -> ProgramIndex.Symbol {
    let head = Span(start: Int(item.span.start), end: Int(declaration.body.span.start))
    var signature = Substring(file.text(in: head))
    while signature.last?.isWhitespace == true { signature.removeLast() }
    return ProgramIndex.Symbol(
      name: declaration.name.text, kind: kind, span: declaration.name.span, extent: item.span,
      signature: String(signature), documentation: item.documentation)
  }

  private func symbol(
    _ name: Name, _ kind: ProgramIndex.Symbol.Kind, _ item: Item,
    children: [ProgramIndex.Symbol] = []
  ) -> ProgramIndex.Symbol {
    ProgramIndex.Symbol(
      name: name.text, kind: kind, span: name.span, extent: item.span,
      signature: file.text(in: item.span), documentation: item.documentation, children: children)
  }

  private func member(
    _ name: Name, _ kind: ProgramIndex.Symbol.Kind, _ end: Span
  ) -> ProgramIndex.Symbol {
    let extent = name.span.joined(end)
    return ProgramIndex.Symbol(
      name: name.text, kind: kind, span: name.span, extent: extent,
      signature: file.text(in: extent), documentation: "")
  }
}

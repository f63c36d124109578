import BorelBase
import BorelSyntax

extension Checker {
  /// Declares the structs and enums of the program, then resolves their fields.
  func declareTypes(of program: Program) {
    var spans: [String: Span] = [:]
    func declare(_ name: Name, _ type: StaticType) -> Bool {
      if let first = spans[name.text] {
        report(.redefinition(name.text, at: name.span, first: first))
        return false
      }
      if Self.builtinTypes.contains(name.text) {
        report(.builtinTypeRedefined(name.text, at: name.span))
        return false
      }
      spans[name.text] = name.span
      types.names[name.text] = type
      return true
    }
    var structures: [(StructID, StructDeclaration)] = []
    var enumerations: [(EnumID, EnumDeclaration)] = []
    for item in program.items {
      switch item.kind {
      case .structure(let declaration):
        let id = StructID(types.structs.count)
        guard declare(declaration.name, .structure(id)) else { continue }
        types.structs.append(StructInfo(name: declaration.name.text, fields: [], span: item.span))
        structures.append((id, declaration))
      case .enumeration(let declaration):
        let id = EnumID(types.enums.count)
        guard declare(declaration.name, .enumeration(id)) else { continue }
        types.enums.append(EnumInfo(name: declaration.name.text, cases: [], span: item.span))
        enumerations.append((id, declaration))
      default: break
      }
    }
    for (id, declaration) in structures {
      types.structs[id.index].fields = fields(declaration.fields)
    }
    for (id, declaration) in enumerations { declareCases(of: declaration, id) }
    refuseEndlessStructs(structures.map { ($0.0, $0.1.name) })
    if let first = structures.first { types.boxRecursiveStructs(from: first.0.index) }
    types.findEquatableTypes()
    for (id, declaration) in structures where types.width(.structure(id)) > DeclaredTypes.widthLimit
    {
      report(.tooWide(declaration.name.text, at: declaration.name.span))
    }
  }

  private func fields(_ list: [TypedName]) -> [StaticType.Field] {
    var names: Set<String> = []
    return list.map { field in
      if !field.name.text.isEmpty, !names.insert(field.name.text).inserted {
        report(.duplicateField(field.name.text, at: field.name.span))
      }
      return StaticType.Field(field.name.text, resolve(field.type, generics: []))
    }
  }

  private func declareCases(of declaration: EnumDeclaration, _ id: EnumID) {
    var names: Set<String> = []
    for item in declaration.cases {
      if !names.insert(item.name.text).inserted {
        report(.duplicateField(item.name.text, at: item.name.span))
        continue
      }
      let payload = item.payload.map {
        StaticType.Field($0.name.text, resolve($0.type, generics: []))
      }
      types.enums[id.index].cases.append(EnumInfo.Case(name: item.name.text, payload: payload))
    }
  }

  /// A struct that contains itself without an array or enum between has no finite value.
  private func refuseEndlessStructs(_ list: [(StructID, Name)]) {
    for (id, name) in list where contains(.structure(id), in: .structure(id), depth: 0) {
      report(.endlessStruct(name.text, at: name.span))
      types.structs[id.index].fields = []
    }
  }

  private func contains(_ target: StaticType, in type: StaticType, depth: Int) -> Bool {
    if depth > types.structs.count { return false }
    switch type {
    case .structure(let id):
      return types.structs[id.index].fields.contains {
        $0.type == target || contains(target, in: $0.type, depth: depth + 1)
      }
    case .optional(let inner):
      return inner == target || contains(target, in: inner, depth: depth)
    case .tuple(let parts):
      return parts.contains { $0 == target || contains(target, in: $0, depth: depth) }
    case .record(let fields):
      return fields.contains { $0.type == target || contains(target, in: $0.type, depth: depth) }
    default: return false
    }
  }

  /// Declares the functions and models of a file.
  func declareFunctions(of program: Program, isLibrary: Bool, file: Int) {
    for item in program.items {
      switch item.kind {
      case .function(let declaration):
        declare(declaration, .function, item, isLibrary: isLibrary)
      case .model(let declaration):
        declare(declaration, .model, item, isLibrary: isLibrary)
      case .move(let declaration): moveNames.append(declaration.name.text)
      default: break
      }
    }
  }

  private func declare(
    _ declaration: FunctionDeclaration, _ role: TypedFunction.Role, _ item: Item, isLibrary: Bool
  ) {
    let name = declaration.name
    let existing = isLibrary ? libraryFunctions[name.text] : userFunctions[name.text]
    if let existing {
      report(.redefinition(name.text, at: name.span, first: functions[existing.index].span))
      return
    }
    let state = FunctionState(
      name: name.text, role: role, declaration: declaration, documentation: item.documentation,
      span: name.span, isLibrary: isLibrary)
    let id = add(state)
    if isLibrary { libraryFunctions[name.text] = id } else { userFunctions[name.text] = id }
    if role == .model { models.append(id) }
    declareGenerics(of: declaration, state)
    if let result = declaration.result {
      state.result = resolve(result, generics: state.generics.map(\.name))
    }
    for (index, parameter) in declaration.parameters.enumerated() {
      declare(parameter, at: index, of: state, isLibrary: isLibrary)
    }
  }

  private func declareGenerics(of declaration: FunctionDeclaration, _ state: FunctionState) {
    for parameter in declaration.generics {
      var constraint: GenericConstraint?
      if let name = parameter.constraint {
        constraint = GenericConstraint(rawValue: name.text)
        if constraint == nil { report(.unknownConstraint(name.text, at: name.span)) }
      }
      if state.generics.contains(where: { $0.name == parameter.name.text }) {
        report(.duplicateField(parameter.name.text, at: parameter.name.span))
      }
      state.generics.append((parameter.name.text, constraint))
    }
    if state.role == .model, let first = declaration.generics.first {
      report(.genericModel(at: first.name.span))
    }
  }

  private func declare(
    _ parameter: Parameter, at index: Int, of state: FunctionState, isLibrary: Bool
  ) {
    if state.parameters.contains(where: { $0.name == parameter.name.text }) {
      report(.duplicateField(parameter.name.text, at: parameter.name.span))
    }
    let type = resolve(parameter.type, generics: state.generics.map(\.name))
    var typed = TypedParameter(
      local: LocalID(index), name: parameter.name.text, type: type,
      isLearnable: parameter.isLearnable, span: parameter.name.span)
    checkDomain(of: parameter, type, in: state, &typed)
    if let expression = parameter.defaultValue {
      let constant = FunctionState(
        name: "\(state.name).\(parameter.name.text)", role: .defaultValue, expression: expression,
        span: expression.span, isLibrary: isLibrary)
      constant.result = type
      typed.defaultFunction = add(constant)
    }
    state.parameters.append(typed)
  }
}

extension Diagnostic {
  static func redefinition(_ name: String, at span: Span, first: Span) -> Diagnostic {
    Diagnostic(
      "E0203", .check, "'\(name)' is defined twice", at: span,
      labels: first.isNone ? [] : [Label(first, "first defined here")],
      hints: ["give one of them another name"])
  }

  fileprivate static func builtinTypeRedefined(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0203", .check, "'\(name)' is a type of the language", at: span,
      hints: ["choose another name"])
  }

  fileprivate static func duplicateField(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic("E0203", .check, "'\(name)' appears twice", at: span, hints: ["rename one of them"])
  }

  fileprivate static func endlessStruct(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0242", .check, "struct '\(name)' contains itself", at: span,
      hints: ["use an enum with a case that ends the recursion, or an array"])
  }

  static func tooWide(_ what: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0244", .check,
      "'\(what)' has more than \(DeclaredTypes.widthLimit) parts, those of its parts included",
      at: span, hints: ["keep many values of one type in an array"])
  }

  fileprivate static func unknownConstraint(_ name: String, at span: Span) -> Diagnostic {
    let known = GenericConstraint.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    return Diagnostic(
      "E0243", .check, "unknown constraint '\(name)', expected one of \(known)", at: span,
      hints: [didYouMean(name, among: GenericConstraint.allCases.map(\.rawValue))].compactMap { $0 }
        .map { "did you mean '\($0)'?" })
  }

  fileprivate static func genericModel(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0243", .check, "a model cannot have generic parameters", at: span,
      hints: ["write the type of the data"])
  }
}

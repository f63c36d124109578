import BorelBase
import BorelIR

/// The arguments of a model, from data.
package struct BoundArguments: Sendable {
  /// One per parameter; nil takes the default.
  package var values: [Value?]
  /// Data that are not used where that is no error.
  package var warnings: [Diagnostic]
  /// Changes when a value given changes.
  package var hash: UInt64
}

extension DataSet {
  /// Finds an argument for each parameter of a model: fields of objects and columns of tables by
  /// their names, the rows of a table or of an array of objects for the only parameter that is an
  /// array of records, any other array for the only parameter that is an array.
  ///
  /// - Parameters:
  ///   - enumerations: Those of the program.
  ///   - arraysMayGrow: Whether arrays need no value, since their elements come later.
  /// - Throws: E0410 to E0416, all that are found up to a limit.
  package func bind(
    to model: ModelInfo, enumerations: [EnumerationInfo], arraysMayGrow: Bool = false
  ) throws(Diagnostics) -> BoundArguments {
    var binder = Binder(model: model, enumerations: enumerations, hasData: !isEmpty)
    binder.arraysMayGrow = arraysMayGrow
    binder.collect(self)
    return try binder.finish()
  }
}

/// Collects what is given for each parameter, then converts it.
private struct Binder {
  let model: ModelInfo
  let hasData: Bool
  var arraysMayGrow = false
  var conversion: DataConversion
  var given: [Int: (node: DataNode, span: Span, isTable: Bool)] = [:]
  var warnings: [Diagnostic] = []

  init(model: ModelInfo, enumerations: [EnumerationInfo], hasData: Bool) {
    self.model = model
    self.hasData = hasData
    conversion = DataConversion(enumerations: enumerations)
  }

  mutating func collect(_ data: DataSet) {
    let overridden = Set(data.overrides.map(\.name))
    // Named values first, so that what has no name can go to the parameters left.
    for case .object(let fields, _) in data.sources {
      for field in fields where !overridden.contains(field.name) { give(field, isTable: false) }
    }
    for field in data.overrides { give(field, isTable: false) }
    for source in data.sources {
      switch source {
      case .object: break
      case .table(let table): giveTable(table, overridden)
      case .list(let elements, let span): giveList(elements, span, overridden)
      }
    }
  }

  private mutating func give(_ field: DataNode.Field, isTable: Bool) {
    guard let index = model.parameters.firstIndex(where: { $0.name == field.name }) else {
      conversion.report(.unknownField(field, of: model))
      return
    }
    if let first = given[index] {
      conversion.report(.givenByTwoSources(field.name, at: field.span, first: first.span))
      return
    }
    given[index] = (field.node, field.span, isTable)
  }

  private mutating func giveTable(_ table: CSVReader.Table, _ overridden: Set<String>) {
    let names = Set(model.parameters.map(\.name))
    let used = table.columns.filter { names.contains($0.name) && !overridden.contains($0.name) }
    if used.isEmpty, let index = onlyOpenParameter(where: \.isArrayOfRecords) {
      let rows = DataNode(.array(table.records), at: table.headerSpan)
      given[index] = (rows, table.headerSpan, true)
      if case .array(.record(let fields)) = model.parameters[index].shape {
        warnUnused(table.header.filter { name in !fields.contains { $0.name == name } }, table)
      }
      return
    }
    if used.isEmpty, table.header.count == 1, let index = onlyOpenParameter(where: \.isArray) {
      given[index] = (table.columns[0].node, table.headerSpan, true)
      return
    }
    for column in used { give(column, isTable: true) }
    if used.isEmpty, let first = table.columns.first {
      conversion.report(.unknownField(first, of: model))
    } else {
      warnUnused(table.header.filter { !names.contains($0) }, table)
    }
  }

  private mutating func warnUnused(_ columns: [String], _ table: CSVReader.Table) {
    if !columns.isEmpty { warnings.append(.unusedColumns(columns, at: table.headerSpan)) }
  }

  private mutating func giveList(
    _ elements: [DataNode], _ span: Span, _ overridden: Set<String>
  ) {
    let whole = DataNode(.array(elements), at: span)
    guard let first = elements.first, case .object(let fields) = first.content else {
      if let index = onlyOpenParameter(where: \.isArray) {
        given[index] = (whole, span, false)
      } else {
        conversion.report(.unclearList(model, at: span))
      }
      return
    }
    if let index = onlyOpenParameter(where: \.isArrayOfRecords) {
      given[index] = (whole, span, false)
      return
    }
    for field in fields where !overridden.contains(field.name) {
      var cells: [DataNode] = []
      for element in elements {
        guard case .object(let others) = element.content,
          let cell = others.first(where: { $0.name == field.name })
        else {
          conversion.report(.missingField(field.name, "value", element.span))
          continue
        }
        cells.append(cell.node)
      }
      give(
        DataNode.Field(name: field.name, node: DataNode(.array(cells), at: span), span: field.span),
        isTable: false)
    }
  }

  /// The only parameter without a value that has a property, preferring those without a default.
  private func onlyOpenParameter(where hasProperty: (Shape) -> Bool) -> Int? {
    let open = model.parameters.indices.filter {
      given[$0] == nil && hasProperty(model.parameters[$0].shape)
    }
    let needed = open.filter { model.parameters[$0].defaultFunction == nil }
    if needed.count == 1 { return needed[0] }
    return open.count == 1 ? open[0] : nil
  }

  mutating func finish() throws(Diagnostics) -> BoundArguments {
    var values: [Value?] = []
    for (index, parameter) in model.parameters.enumerated() {
      guard let (node, _, isTable) = given[index] else {
        if parameter.defaultFunction == nil, !(arraysMayGrow && parameter.shape.isArray) {
          let type = parameter.shape.text(conversion.enumerations)
          conversion.report(
            .missingArgument(parameter, of: model.name, type: type, hasData: hasData))
        }
        values.append(nil)
        continue
      }
      conversion.allowsExtraFields = isTable
      let value = conversion.value(node, as: parameter.shape, path: parameter.name)
      if let value { conversion.checkDomain(value, of: parameter, at: node.span) }
      values.append(value)
    }
    guard conversion.problems.isEmpty else { throw Diagnostics(conversion.problems) }
    return BoundArguments(
      values: values, warnings: warnings,
      hash: DataHash.of(names: model.parameters.map(\.name), values: values))
  }
}

extension DataConversion {
  /// Reports numbers that a parameter, or the elements of it, may not have.
  mutating func checkDomain(_ value: Value, of parameter: ModelInfo.Parameter, at span: Span) {
    switch value {
    case .real(let number):
      if !parameter.admits(number) {
        report(.outsideDomain(parameter, number, at: span))
      }
    case .int(let number):
      let number = Double(number)
      if !parameter.admits(number) {
        report(.outsideDomain(parameter, number, at: span))
      }
    case .array(let elements):
      for element in elements { checkDomain(element, of: parameter, at: span) }
    default: break
    }
  }
}

extension ModelInfo.Parameter {
  fileprivate func admits(_ value: Double) -> Bool {
    if let lower, isLowerOpen ? value <= lower : value < lower { return false }
    if let upper, isUpperOpen ? value >= upper : value > upper { return false }
    return true
  }
}

extension Shape {
  fileprivate var isArrayOfRecords: Bool {
    if case .array(.record) = self { return true }
    return false
  }
}

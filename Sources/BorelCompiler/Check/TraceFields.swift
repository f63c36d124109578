import BorelBase

/// Finds the choices of a body that a trace gives by name.
///
/// A choice has a field when its name is drawn at one place of the body itself, outside of closures,
/// at most one loop deep, and its values are single numbers, Bools, Strings or enums without
/// payload. All other choices are kept as they are when a move gives a new trace.
struct TraceFields: TypedTreeVisitor {
  /// A draw that has no field, with the reason.
  struct Hidden {
    var name: String?
    var reason: String
    var span: Span
  }

  private struct Place {
    var field: TraceField?
    var reason: String
    var span: Span
  }

  private let locals: [TypedLocal]
  private let isPlain: (EnumID) -> Bool
  private var places: [String: [Place]] = [:]
  private(set) var unnamed: [Hidden] = []
  private var loopDepth = 0
  private var isConditional = false
  private var closureDepth = 0

  init(_ function: TypedFunction, isPlain: @escaping (EnumID) -> Bool) {
    locals = function.locals
    self.isPlain = isPlain
    visit(function.body)
  }

  /// In the order of their names.
  var fields: [TraceField] {
    places.values.compactMap { $0.count == 1 ? $0[0].field : nil }.sorted { $0.name < $1.name }
  }

  /// The draws without fields, by position.
  var hidden: [Hidden] {
    let named = places.flatMap { name, list -> [Hidden] in
      if list.count > 1 {
        return list.dropFirst().map {
          Hidden(name: name, reason: "it is drawn at several places", span: $0.span)
        }
      }
      return list.filter { $0.field == nil }.map {
        Hidden(name: name, reason: $0.reason, span: $0.span)
      }
    }
    return (named + unnamed).sorted { $0.span.start < $1.span.start }
  }

  // MARK: Walking

  mutating func visit(_ statement: TypedStatement) {
    switch statement.kind {
    case .draw(let local, let draw, _):
      visit(draw)
      note(draw, name: draw.staticAddress ?? locals[local.index].name, statement.span)
    case .forIn(_, _, let body), .whileLoop(_, let body):
      // What stands in the head is evaluated outside of the loop, or draws without a name.
      let saved = isConditional
      isConditional = body.hasContinue
      loopDepth += 1
      visitChildren(of: statement)
      loopDepth -= 1
      isConditional = saved
    case .returnValue:
      visitChildren(of: statement)
      // What follows is drawn only when the program comes by. Later iterations leave no gap.
      if loopDepth == 0 { isConditional = true }
    default: visitChildren(of: statement)
    }
  }

  mutating func visit(_ expression: TypedExpression) {
    switch expression.kind {
    case .conditional, .match:
      let saved = isConditional
      isConditional = true
      visitChildren(of: expression)
      isConditional = saved || (loopDepth == 0 && expression.hasReturn)
    case .closure:
      closureDepth += 1
      visitChildren(of: expression)
      closureDepth -= 1
    case .sample(let draw):
      visit(draw)
      unnamed.append(Hidden(name: nil, reason: "it has no name", span: draw.span))
    default: visitChildren(of: expression)
    }
  }

  private mutating func note(_ draw: TypedDraw, name: String, _ span: Span) {
    let isPlate: Bool
    switch draw.source {
    case .plate, .repeated: isPlate = true
    case .distribution, .model: isPlate = false
    }
    var value = draw.type
    if isPlate, case .array(let element) = draw.type { value = element }
    var reason: String?
    if case .model = draw.source { reason = "it is a model that runs in place" }
    if draw.address != nil, draw.staticAddress == nil { reason = "its name is computed" }
    if !isSingle(value) { reason = "its values have parts" }
    if loopDepth + (isPlate ? 1 : 0) > 1 { reason = "it is drawn in a loop inside a loop" }
    if closureDepth > 0 { reason = "it is drawn in a closure" }
    let isIndexed = isPlate || loopDepth > 0
    // A plate that is not drawn is one without elements.
    let field = TraceField(
      name: name, value: value, isIndexed: isIndexed, isOptional: isConditional && !isPlate)
    places[name, default: []].append(
      Place(field: reason == nil ? field : nil, reason: reason ?? "", span: span))
  }

  private func isSingle(_ type: StaticType) -> Bool {
    switch type {
    case .int, .real, .bool, .string: true
    case .enumeration(let id): isPlain(id)
    default: false
    }
  }
}

/// Looks for a `continue` or `return` that belongs to a body.
private struct JumpFinder: TypedTreeVisitor {
  var hasContinue = false
  var hasReturn = false

  mutating func visit(_ statement: TypedStatement) {
    switch statement.kind {
    case .continueLoop: hasContinue = true
    case .returnValue: hasReturn = true
    case .forIn, .whileLoop:
      let saved = hasContinue
      visitChildren(of: statement)
      hasContinue = saved
    default: visitChildren(of: statement)
    }
  }

  mutating func visit(_ expression: TypedExpression) {
    if case .closure = expression.kind { return }
    visitChildren(of: expression)
  }
}

extension TypedBlock {
  fileprivate var hasContinue: Bool {
    var finder = JumpFinder()
    finder.visit(self)
    return finder.hasContinue
  }
}

extension TypedExpression {
  fileprivate var hasReturn: Bool {
    var finder = JumpFinder()
    finder.visitChildren(of: self)
    return finder.hasReturn
  }
}

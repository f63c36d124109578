import BorelBase
import BorelSyntax

/// A declaration of an interactive session: a function, a model, a type or a constant.
package struct SessionDefinition: Sendable {
  package enum Kind: String, Sendable {
    case function = "func"
    case model
    case structure = "struct"
    case enumeration = "enum"
    case move
    case constant = "let"
  }

  package var name: String
  package var kind: Kind
  /// The text as it was entered.
  package var text: String
  package var documentation: String
  package var span: Span
  /// It does not fit a newer definition that it mentions, and is left out until it does.
  package var isSetAside = false
  let item: Item
  /// Every name in the text, whatever it means there.
  let mentions: Set<String>

  /// Nil for what declares nothing that functions see.
  init?(_ item: Item, in file: SourceFile, tokens: SessionTokens) {
    switch item.kind {
    case .model(let declaration): (name, kind) = (declaration.name.text, .model)
    case .function(let declaration): (name, kind) = (declaration.name.text, .function)
    case .structure(let declaration): (name, kind) = (declaration.name.text, .structure)
    case .enumeration(let declaration): (name, kind) = (declaration.name.text, .enumeration)
    case .move(let declaration): (name, kind) = (declaration.name.text, .move)
    case .statement(let statement):
      guard case .binding(false, let pattern, _, _) = statement.kind,
        case .binding(let bound) = pattern.kind
      else { return nil }
      (name, kind) = (bound.text, .constant)
    }
    self.item = item
    span = item.span
    text = file.text(in: item.span)
    documentation = item.documentation
    mentions = tokens.names(in: item.span)
  }

  /// The head of the definition: everything before the body.
  package var signature: String {
    let body: Span
    switch item.kind {
    case .model(let declaration), .function(let declaration): body = declaration.body.span
    case .move(let declaration):
      body = declaration.proposal?.body.span ?? declaration.involution.span
    default: return text
    }
    let length = Int(body.start) - Int(span.start)
    var head = Substring(String(decoding: Array(text.utf8).prefix(length), as: UTF8.self))
    while head.last?.isWhitespace == true { head.removeLast() }
    return String(head)
  }

  /// The names of the parameters of a function or model.
  package var parameters: [String] {
    switch item.kind {
    case .model(let declaration), .function(let declaration):
      declaration.parameters.map(\.name.text)
    default: []
    }
  }
}

/// The names in a text with their places.
struct SessionTokens {
  private let names: [(start: Int32, text: String)]

  init(_ file: SourceFile) {
    names = nameTokens(of: file).map { ($0.span.start, $0.name) }
  }

  func names(in span: Span) -> Set<String> {
    Set(names.filter { $0.start >= span.start && $0.start < span.end }.map(\.text))
  }

  var all: Set<String> { Set(names.map(\.text)) }
}

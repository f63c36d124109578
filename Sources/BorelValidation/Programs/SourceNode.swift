/// A piece of a source program: text with parts that can be exchanged for others of the same role.
package struct SourceNode: Hashable, Sendable {
  package enum Role: Hashable, Sendable {
    case program
    /// Statements in braces.
    case block
    case statement
    case bool, int, real
  }

  package enum Piece: Hashable, Sendable {
    case text(String)
    case node(SourceNode)
  }

  package var role: Role
  package var pieces: [Piece]

  package init(_ role: Role, _ pieces: [Piece]) {
    self.role = role
    self.pieces = pieces
  }

  /// From text in which `#` stands for the parts, in order.
  package init(_ role: Role, _ template: String, _ parts: SourceNode...) {
    var pieces: [Piece] = []
    for (index, text) in template.split(
      separator: "#", omittingEmptySubsequences: false
    ).enumerated() {
      if index > 0 { pieces.append(.node(parts[index - 1])) }
      if !text.isEmpty { pieces.append(.text(String(text))) }
    }
    self.init(role, pieces)
  }

  /// Parts, in order.
  package var parts: [SourceNode] {
    pieces.compactMap { if case .node(let node) = $0 { node } else { nil } }
  }

  /// How many pieces there are in all: what shrinking makes smaller.
  package var size: Int {
    pieces.reduce(1) { sum, piece in
      if case .node(let node) = piece { sum + node.size } else { sum + 1 }
    }
  }

  /// The text of the program.
  package var text: String { render(indentation: "") }

  private func render(indentation: String) -> String {
    switch role {
    case .program:
      return parts.map { $0.render(indentation: "") + "\n" }.joined(separator: "\n")
    case .block:
      let inner = indentation + "  "
      let lines = parts.map { inner + $0.render(indentation: inner) + "\n" }
      return "{\n" + lines.joined() + indentation + "}"
    case .statement, .bool, .int, .real:
      return pieces.map { piece in
        switch piece {
        case .text(let text): text
        case .node(let node): node.render(indentation: indentation)
        }
      }.joined()
    }
  }
}

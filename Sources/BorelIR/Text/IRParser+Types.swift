import BorelBase

extension IRParser {
  private mutating func nested<Result>(
    _ body: (inout IRParser) throws(IRSyntaxError) -> Result
  ) throws(IRSyntaxError) -> Result {
    guard nesting < Self.nestingLimit else {
      throw failure("types are nested deeper than \(Self.nestingLimit)")
    }
    nesting += 1
    defer { nesting -= 1 }
    return try body(&self)
  }

  /// `<real, int>`
  mutating func layout() throws(IRSyntaxError) -> [IRType] {
    try list("<", ">") { parser throws(IRSyntaxError) in try parser.type() }
  }

  mutating func type() throws(IRSyntaxError) -> IRType {
    try nested { parser throws(IRSyntaxError) in try parser.typeWithoutLimit() }
  }

  private mutating func typeWithoutLimit() throws(IRSyntaxError) -> IRType {
    if isAt("[") {
      return .array(try list("[", "]") { parser throws(IRSyntaxError) in try parser.type() })
    }
    if isAt("(") {
      let parameters = try list("(", ")") { parser throws(IRSyntaxError) in try parser.type() }
      try expect("->")
      return .function(
        parameters, try list("(", ")") { parser throws(IRSyntaxError) in try parser.type() })
    }
    guard case .word(let word) = token.kind else { throw unexpected("a type") }
    switch word {
    case "real", "int", "bool", "string", "matrix": advance()
    case "distribution":
      advance()
      return .distribution(try layout())
    case "model":
      advance()
      return .model(try layout())
    case "posterior":
      advance()
      return .posterior(try layout())
    case "enum":
      advance()
      return .enumeration(try count())
    default: throw unexpected("a type")
    }
    switch word {
    case "real": return .real
    case "int": return .int
    case "bool": return .bool
    case "string": return .string
    default: return .matrix
    }
  }

  mutating func shape() throws(IRSyntaxError) -> Shape {
    var shape = try nested { parser throws(IRSyntaxError) in try parser.shapeWithoutSuffix() }
    var depth = 0
    while accept("?") {
      depth += 1
      guard depth < Self.nestingLimit else {
        throw failure("types are nested deeper than \(Self.nestingLimit)")
      }
      shape = .optional(shape)
    }
    return shape
  }

  private mutating func shapeWithoutSuffix() throws(IRSyntaxError) -> Shape {
    if accept("[") {
      let element = try shape()
      try expect("]")
      return .array(element)
    }
    if isAt("(") {
      return .tuple(try list("(", ")") { parser throws(IRSyntaxError) in try parser.shape() })
    }
    if isAt("{") {
      return .record(
        try list("{", "}") { parser throws(IRSyntaxError) in
          let name = try parser.name()
          try parser.expect(":")
          return Shape.Field(name, try parser.shape())
        })
    }
    guard case .word(let word) = token.kind else { throw unexpected("a shape") }
    switch word {
    case "unit", "real", "int", "bool", "string", "matrix": advance()
    case "enum":
      advance()
      return .enumeration(try count())
    case "opaque":
      advance()
      try expect("(")
      let type = try type()
      try expect(")")
      return .opaque(type)
    default: throw unexpected("a shape")
    }
    switch word {
    case "unit": return .unit
    case "real": return .real
    case "int": return .int
    case "bool": return .bool
    case "string": return .string
    default: return .matrix
    }
  }

  mutating func constant() throws(IRSyntaxError) -> Constant {
    defer { advance() }
    switch token.kind {
    case .real(let value): return .real(value)
    case .int(let value): return .int(value)
    case .string(let value): return .string(value)
    case .word("true"): return .bool(true)
    case .word("false"): return .bool(false)
    case .word("null"): return .null
    case .word("inf"): return .real(.infinity)
    case .word("nan"): return .real(.nan)
    default: throw unexpected("a constant")
    }
  }
}

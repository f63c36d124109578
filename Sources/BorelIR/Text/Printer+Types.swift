import BorelBase

func irText(_ types: [IRType]) -> String { types.map(irText).joined(separator: ", ") }

/// `<real, int>`: the words of an element, payload or value.
func layout(_ types: [IRType]) -> String { "<\(irText(types))>" }

func irText(_ type: IRType) -> String {
  switch type {
  case .real: "real"
  case .int: "int"
  case .bool: "bool"
  case .string: "string"
  case .array(let element): "[\(irText(element))]"
  case .matrix: "matrix"
  case .function(let parameters, let results): "(\(irText(parameters))) -> (\(irText(results)))"
  case .distribution(let value): "distribution\(layout(value))"
  case .enumeration(let index): "enum \(index)"
  case .model(let result): "model\(layout(result))"
  case .posterior(let value): "posterior\(layout(value))"
  }
}

extension IRType: CustomStringConvertible {
  /// The type as the text form of the IR writes it.
  package var description: String { irText(self) }
}

func irText(_ shape: Shape) -> String {
  switch shape {
  case .unit: "unit"
  case .real: "real"
  case .int: "int"
  case .bool: "bool"
  case .string: "string"
  case .array(let element): "[\(irText(element))]"
  case .matrix: "matrix"
  case .tuple(let parts): "(\(parts.map(irText).joined(separator: ", ")))"
  case .record(let fields):
    "{"
      + fields.map { "\(quotedIfNeeded($0.name)): \(irText($0.shape))" }.joined(separator: ", ")
      + "}"
  case .optional(let wrapped): "\(irText(wrapped))?"
  case .enumeration(let index): "enum \(index)"
  case .opaque(let type): "opaque(\(irText(type)))"
  }
}

func irText(_ constant: Constant) -> String {
  switch constant {
  case .real(let value): irText(value)
  case .int(let value): String(value)
  case .bool(let value): String(value)
  case .string(let value): quoted(value)
  case .null: "null"
  }
}

/// The shortest decimal that reads back to the same bits; always with a point, an exponent, or as
/// `inf` and `nan`, so that it cannot be taken for an integer.
func irText(_ value: Double) -> String { value.isNaN ? "nan" : "\(value)" }

/// A string literal of the text form.
func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    default:
      if scalar.value < 0x20 || scalar.value == 0x7f {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result + "\""
}

/// The name itself when it is an identifier of the text form, quoted otherwise.
func quotedIfNeeded(_ name: String) -> String { isIdentifier(name) ? name : quoted(name) }

func isIdentifier(_ name: String) -> Bool {
  let bytes = Array(name.utf8)
  guard let first = bytes.first, isIdentifierStart(first) else { return false }
  return bytes.allSatisfy(isIdentifierPart) && name != "dynamic" && name != "primitive"
}

func isIdentifierStart(_ byte: UInt8) -> Bool {
  (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte == 0x5f
}

func isIdentifierPart(_ byte: UInt8) -> Bool {
  isIdentifierStart(byte) || (byte >= 0x30 && byte <= 0x39) || byte == 0x2e
}

/// The words that start an instruction or a terminator and so cannot name a primitive unquoted.
let reservedOperationWords: Set<String> = [
  "const", "primitive", "array.make", "array.fill", "array.count", "array.get", "array.set",
  "array.append", "array.concat", "array.slice", "box.make", "box.tag", "box.fields", "closure",
  "distribution", "logdensity", "equal", "zero.tangent", "distribution.tangent",
  "density.tangent", "density.curvature", "model", "sample", "observe", "score", "factor",
  "require", "tally", "emit", "print", "describe", "decode", "debug", "fail", "memo.make",
  "memo.enter", "memo.find", "memo.store",
  "infer", "host", "jump", "branch", "call", "apply", "return", "tailcall", "checkpoint", "fork",
  "unused",
]

func isPlainPrimitive(_ name: String) -> Bool {
  isIdentifier(name) && !reservedOperationWords.contains(name) && !name.hasPrefix("bb")
}

func internalErrorInPrinter(_ operation: Operation) -> Never {
  internalError("operation without text form: \(operation)")
}

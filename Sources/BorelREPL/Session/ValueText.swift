import BorelBase
import BorelData
import BorelDistributions
import BorelHeap
import BorelIR
import BorelInference
import BorelRuntime

/// Values as the prompt shows them: like programs write them, long ones cut.
struct ValueText {
  let enumerations: [EnumerationInfo]
  /// Arrays with more elements are cut.
  var elementLimit = 20

  func text(_ words: [UInt64], _ shape: Shape) -> String {
    var rest = words[...]
    return text(&rest, shape)
  }

  private func text(_ words: inout ArraySlice<UInt64>, _ shape: Shape) -> String {
    switch shape {
    case .array(let element): return array(words.popFirst() ?? 0, element)
    case .tuple(let parts):
      return "(" + parts.map { text(&words, $0) }.joined(separator: ", ") + ")"
    case .record(let fields):
      let parts = fields.map { "\($0.name): \(text(&words, $0.shape))" }
      return "{" + parts.joined(separator: ", ") + "}"
    case .optional(let wrapped):
      let isPresent = (words.popFirst() ?? 0) != 0
      if isPresent { return text(&words, wrapped) }
      words = words.dropFirst(wrapped.layout(enumerations).count)
      return "nil"
    case .opaque(let type): return text(words.popFirst() ?? 0, of: type)
    default:
      let count = shape.layout(enumerations).count
      let value = ValueCoding(enumerations: enumerations).decode(words.prefix(count), shape)
      words = words.dropFirst(count)
      return value.text
    }
  }

  private func array(_ bits: UInt64, _ element: Shape) -> String {
    let array = ArrayObject(bits: bits)
    let count = array.count
    let width = element.layout(enumerations).count
    func item(_ index: Int) -> String {
      text((0..<width).map { array.elements[index * width + $0] }, element)
    }
    if count <= elementLimit {
      return "[" + (0..<count).map(item).joined(separator: ", ") + "]"
    }
    let head = (0..<10).map(item).joined(separator: ", ")
    return "[\(head), ... \(item(count - 1))] (\(count) elements)"
  }

  private func text(_ bits: UInt64, of type: IRType) -> String {
    switch type {
    case .function: return "a function"
    case .model: return "a model with its arguments"
    case .distribution: return distribution(bits) ?? "a distribution"
    case .posterior: return "a posterior"
    default: return "a value"
    }
  }

  /// A distribution with its parameters: `Normal(mean: 0, sd: 1)`.
  private func distribution(_ bits: UInt64) -> String? {
    guard let value = DistributionValue(bits: bits) else { return nil }
    let signature = value.family.signature
    if signature.name == "Posterior" { return "a posterior" }
    let box = BoxObject(bits: bits)
    var parts: [String] = []
    for (index, parameter) in signature.parametrisations[0].parameters.enumerated() {
      guard index < box.fieldCount else { break }
      let word = box.fields[index]
      let text: String
      switch parameter.kind {
      case .real: text = self.text([word], .real)
      case .int: text = self.text([word], .int)
      case .bool: text = self.text([word], .bool)
      case .realArray: text = array(word, .real)
      case .intArray: text = array(word, .int)
      case .matrix: text = self.text([word], .matrix)
      case .distribution: text = distribution(word) ?? "..."
      case .distributionArray, .value, .valueArray: text = "..."
      }
      parts.append("\(parameter.name): \(text)")
    }
    return "\(signature.name)(\(parts.joined(separator: ", ")))"
  }
}

import BorelBase
import BorelIR
import BorelInference

/// Data sets drawn from a model, with the parameters that they were drawn with.
struct SimulatedData {
  /// Arguments of the model, one list per data set.
  let arguments: [[Value?]]
  /// What the model reported besides the data.
  let latents: [Variable]

  /// Why data cannot be drawn.
  struct Refusal: Error {
    var reason: String
  }

  /// - Parameters:
  ///   - simulation: Prior draws of the model, observations included.
  ///   - given: The arguments: which data there are, and which are missing, is taken from them.
  init(
    _ simulation: Posterior, model: ModelInfo, program: Program, given: [Value?]
  ) throws(Refusal) {
    let use = DataUse(program, model: model)
    var variables: [String: Variable] = [:]
    for variable in simulation.variables { variables[variable.name] = variable }
    var used: Set<String> = []
    var arguments = [[Value?]](repeating: given, count: simulation.drawCount)
    var isDrawn = false
    for (index, parameter) in use.parameters.enumerated() where !parameter.observedAt.isEmpty {
      guard let value = given[index] else {
        throw Refusal(reason: "'\(parameter.name)' has its default")
      }
      isDrawn = true
      for draw in arguments.indices {
        arguments[draw][index] = try Self.replacing(value, parameter.name) { path in
          guard let variable = variables[path] else { return nil }
          used.insert(path)
          if let present = variable.present, !present[draw] { return nil }
          return variable.value(draw)
        }
      }
    }
    guard isDrawn else { throw Refusal(reason: "the model observes none of its arguments") }
    self.arguments = arguments
    latents = simulation.variables.filter { !used.contains($0.name) }
  }

  /// A value with every datum replaced by the one that was drawn under its path.
  private static func replacing(
    _ value: Value, _ path: String, _ drawn: (String) -> Value?
  ) throws(Refusal) -> Value {
    switch value {
    case .array(let elements):
      var result: [Value] = []
      for (index, element) in elements.enumerated() {
        result.append(try replacing(element, "\(path)[\(index)]", drawn))
      }
      return .array(result)
    case .optional(let content):
      guard let content else { return value }
      return .optional(try replacing(content, path, drawn))
    case .real, .int, .bool:
      guard let new = drawn(path) else {
        throw Refusal(reason: "no draw has the name '\(path)'")
      }
      if case .real = value, case .int(let number) = new { return .real(Double(number)) }
      return new
    default:
      throw Refusal(reason: "'\(path)' is not made of numbers")
    }
  }
}

extension Variable {
  /// The number of a draw as a value.
  fileprivate func value(_ draw: Int) -> Value? {
    switch kind {
    case .real: .real(values[draw])
    case .int: Int64(exactly: values[draw]).map { .int($0) }
    case .bool: .bool(values[draw] != 0)
    case .enumeration, .text: nil
    }
  }
}

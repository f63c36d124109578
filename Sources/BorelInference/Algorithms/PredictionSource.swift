import BorelBase
import BorelIR
import BorelRuntime

/// The latents of a posterior by name, to be replayed in another run: scalars are put together to
/// the values that were drawn.
struct PredictionSource {
  private let posterior: Posterior
  private let program: Program
  private var numbers: [String: Int] = [:]
  /// Names of latents without the indices of loops and elements.
  private var bases: Set<String> = []

  init(_ posterior: Posterior, program: Program) {
    self.posterior = posterior
    self.program = program
    for (number, variable) in posterior.variables.enumerated() {
      numbers[variable.name] = number
      bases.insert(String(variable.name.prefix { $0 != "[" && $0 != "." }))
      bases.insert(String(variable.name.prefix { $0 != "[" }))
    }
  }

  /// Whether the posterior has a latent of this name, whatever its indices.
  func has(_ name: String) -> Bool { bases.contains(name) }

  /// The value of a latent in a draw; nil where the draw does not have it, or its shape cannot be
  /// read from scalars.
  ///
  /// - Parameter loops: Counters of the loops around the draw.
  func value(_ name: String, loops: [Int64], _ shape: Shape, draw: Int) -> Value? {
    let key = ReportKey(name: name, loops: loops).text
    if let value = value(key, shape, draw) { return value }
    // A variable that is drawn before the loop that redraws it is element 0 of the series.
    return loops.isEmpty ? value(key + "[0]", shape, draw) : nil
  }

  private func scalar(_ name: String, _ draw: Int) -> (Variable, Double)? {
    guard let number = numbers[name] else { return nil }
    let variable = posterior.variables[number]
    guard variable.probabilities == nil, variable.present.map({ $0[draw] }) ?? true else {
      return nil
    }
    return (variable, variable.values[draw])
  }

  private func value(_ name: String, _ shape: Shape, _ draw: Int) -> Value? {
    switch shape {
    case .unit: return .unit
    case .real: return scalar(name, draw).map { .real($0.1) }
    case .int: return scalar(name, draw).flatMap { Int64(exactly: $0.1) }.map { .int($0) }
    case .bool: return scalar(name, draw).map { .bool($0.1 != 0) }
    case .string: return scalar(name, draw).map { .string($0.0.label(of: $0.1)) }
    case .enumeration(let index):
      guard program.enumerations[index].isPlain, let (variable, value) = scalar(name, draw) else {
        return nil
      }
      return .variant(variable.label(of: value), [])
    case .array(let element): return array(name, element, draw)
    case .matrix: return matrix(name, draw)
    case .tuple(let parts):
      var values: [Value] = []
      for (index, part) in parts.enumerated() {
        guard let value = value("\(name).\(index)", part, draw) else { return nil }
        values.append(value)
      }
      return .tuple(values)
    case .record(let fields):
      var values: [Value.Field] = []
      for field in fields {
        guard let value = value("\(name).\(field.name)", field.shape, draw) else { return nil }
        values.append(Value.Field(field.name, value))
      }
      return .record(values)
    case .optional, .opaque: return nil
    }
  }

  private func array(_ name: String, _ element: Shape, _ draw: Int) -> Value? {
    var elements: [Value] = []
    while let value = value("\(name)[\(elements.count)]", element, draw) { elements.append(value) }
    return elements.isEmpty ? nil : .array(elements)
  }

  private func matrix(_ name: String, _ draw: Int) -> Value? {
    var entries: [Double] = []
    var columns = 0
    while let (_, value) = scalar("\(name)[0,\(columns)]", draw) {
      entries.append(value)
      columns += 1
    }
    guard columns > 0 else { return nil }
    var rows = 1
    while scalar("\(name)[\(rows),0]", draw) != nil {
      for column in 0..<columns {
        guard let (_, value) = scalar("\(name)[\(rows),\(column)]", draw) else { return nil }
        entries.append(value)
      }
      rows += 1
    }
    return .matrix(rows: rows, columns: columns, entries)
  }
}

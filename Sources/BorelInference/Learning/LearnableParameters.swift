import BorelBase
import BorelHeap
import BorelIR
import BorelTransforms

/// The `param` arguments of a model as one vector of numbers, and the words of the model's
/// arguments for any values of them.
struct LearnableParameters {
  /// One number to learn.
  struct Coordinate {
    var name: String
    var scale: UnconstrainedScale
    var span: Span
    var start: Double
  }

  let coordinates: [Coordinate]
  let inputs: [Differentiated.Input]
  let rule: any LearningRule
  private let words: [UInt64]

  /// - Parameters:
  ///   - words: Register words of all arguments; those of `param` arguments are the start.
  /// - Throws: E0575 without `param` arguments, E0576 for a start outside the domain.
  init(
    _ model: ModelInfo, words: [UInt64], enumerations: [EnumerationInfo],
    rule: any LearningRule = StandardLearning()
  ) throws {
    var coordinates: [Coordinate] = []
    var inputs: [Differentiated.Input] = []
    var position = 0
    for parameter in model.parameters {
      defer { position += parameter.shape.layout(enumerations).count }
      guard parameter.isLearnable else { continue }
      let scale = UnconstrainedScale(lower: parameter.lower, upper: parameter.upper)
      var values = [Double(bitPattern: words[position])]
      var count: Int?
      if case .array = parameter.shape {
        values = Array(ArrayObject(bits: words[position]).reals)
        count = values.count
        if values.isEmpty { continue }
      }
      inputs.append(.init(name: parameter.name, position: position, count: count))
      for (index, value) in values.enumerated() {
        let name = count == nil ? parameter.name : "\(parameter.name)[\(index)]"
        guard scale.coordinate(value).isFinite else {
          throw Diagnostic(
            "E0576", .data, "'\(name)' cannot start at \(value), which is not inside its domain",
            at: parameter.span, hints: ["give a start inside: `--set \(parameter.name)=...`"])
        }
        coordinates.append(
          Coordinate(name: name, scale: scale, span: parameter.span, start: value))
      }
    }
    guard !coordinates.isEmpty else {
      throw Diagnostic(
        "E0575", .inference,
        "model '\(model.name)' has nothing to learn: it has no 'param' arguments",
        at: model.span,
        hints: ["write `param` in front of what is to be learnt: `param sd: Real in 0<.. = 1`"])
    }
    self.coordinates = coordinates
    self.inputs = inputs
    self.rule = rule
    self.words = words
  }

  var count: Int { coordinates.count }

  /// The start on the unconstrained scale.
  var start: [Double] { coordinates.map { $0.scale.coordinate($0.start) } }

  func values(_ point: [Double]) -> [Double] {
    zip(coordinates, point).map { $0.scale.value($1) }
  }

  /// The words of the arguments at a point of the unconstrained scale; arrays are made in `arena`
  /// and stay where they are.
  func words(at point: [Double], in arena: Arena) -> [UInt64] {
    var words = words
    let values = values(point)
    var next = 0
    for input in inputs {
      guard let count = input.count else {
        words[input.position] = values[next].bitPattern
        next += 1
        continue
      }
      let array = arena.makeArray(Array(values[next..<next + count])).object.bits
      Collector.pin(array)
      words[input.position] = array
      next += count
    }
    return words
  }

  /// A gradient on the scale of the values as one on the unconstrained scale.
  func unconstrained(_ gradient: [Double], at point: [Double]) -> [Double] {
    coordinates.indices.map {
      rule.gradient(score: gradient[$0], slope: coordinates[$0].scale.slope(point[$0]))
    }
  }

  /// The information matrix on the unconstrained scale, by rows, from second derivatives and a
  /// gradient on the scale of the values.
  func unconstrained(
    hessian: [Double], gradient: [Double], at point: [Double]
  ) -> [Double] {
    let slopes = coordinates.indices.map { coordinates[$0].scale.slope(point[$0]) }
    var result = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0..<count {
        result[i * count + j] = -hessian[i * count + j] * slopes[i] * slopes[j]
      }
      result[i * count + i] -= gradient[i] * coordinates[i].scale.bend(point[i])
    }
    return result
  }
}

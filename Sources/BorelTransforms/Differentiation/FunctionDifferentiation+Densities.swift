import BorelBase
import BorelIR

extension FunctionDifferentiation {
  /// A log-density: a family with its parameters, or a distribution, and the words of the value.
  struct Density {
    var family: String?
    var parameters: [ValueID]
    var value: [ValueID]
    var layout: [IRType]

    init(family: String?, parameters: [ValueID], value: [ValueID], _ layout: [IRType]) {
      self.family = family
      self.parameters = parameters
      self.value = value
      self.layout = layout
    }

    var words: [ValueID] { parameters + value }
  }

  /// The derivatives of a log-density, by direction.
  mutating func tangents(of density: Density) -> [(direction: Int, tangent: ValueID)] {
    let words = density.words
    let wanted = words.indices.filter { !directions(words[$0]).isEmpty }
    let members = words.map { directions($0) }.union.members
    if members.isEmpty { return [] }
    var operands = words
    for direction in members {
      for position in wanted { operands.append(change(words[position], direction)) }
    }
    let results = members.map { _ in addValue(.real) }
    code.append(
      Instruction(
        .densityTangent(
          family: density.family, parameterCount: density.parameters.count, density.layout,
          wanted: wanted, directionCount: members.count),
        operands, results: results, span: span))
    return Array(zip(members, results))
  }

  /// Keeps a sample or a score and adds the derivative of its log-density to the tallies.
  mutating func differentiate(choice instruction: Instruction) {
    keep(instruction)
    let operands = instruction.operands
    switch instruction.operation {
    case .sample(let family, _, let count, let layout):
      guard context.output == .scores else { return }
      let density = Density(
        family: family, parameters: Array(operands.prefix(count)), value: instruction.results,
        layout)
      for (direction, tangent) in tangents(of: density) { score(tangent, direction) }
    case .score(let family, _, let count, let layout, let isOptional):
      let first = count + (isOptional ? 1 : 0)
      let datum = Array(operands[first..<(first + layout.count)])
      followDatum(datum, to: instruction.results, flag: isOptional ? operands[count] : nil)
      guard context.output == .scores else { return }
      // A missing datum whose value is used was drawn, and has the density of a draw.
      let value = instruction.results.isEmpty ? datum : instruction.results
      let density = Density(
        family: family, parameters: Array(operands.prefix(count)), value: value, layout)
      let isMarginalised = isOptional && instruction.results.isEmpty
      for (direction, tangent) in tangents(of: density) {
        guard isMarginalised else {
          score(tangent, direction)
          continue
        }
        let zero = real(0)
        score(
          emit(.primitive("select.word"), [operands[count], tangent, zero], .real), direction)
      }
    default: break
    }
  }

  /// The value of an observation changes with the datum where there is one.
  private mutating func followDatum(
    _ datum: [ValueID], to results: [ValueID], flag: ValueID?
  ) {
    for (word, result) in zip(datum, results) {
      guard let type = context.tangentType(type(result)) else { continue }
      for direction in directions(result).members {
        let tangent = tangentOrZero(word, direction)
        guard let flag else {
          setTangent(tangent, of: result, direction)
          continue
        }
        let zero = type == .real ? real(0) : emit(.zeroTangent, [result], type)
        setTangent(
          emit(.primitive("select.word"), [flag, tangent, zero], type), of: result, direction)
      }
    }
  }

  /// Adds a derivative to the score of a direction.
  mutating func score(_ tangent: ValueID, _ direction: Int) {
    guard context.output == .scores else { return }
    code.append(
      Instruction(
        .tally(context.tallies.scores[direction]), [tangent], results: [], span: span))
  }

  /// The derivative of a derivative: along a change of the words, and along changes of the first
  /// change.
  mutating func differentiate(densityTangent instruction: Instruction) {
    guard
      case .densityTangent(let family, let count, let layout, let wanted, _) =
        instruction.operation
    else { return }
    let width = count + layout.count
    let words = Array(instruction.operands.prefix(width))
    for (place, result) in instruction.results.enumerated() {
      let first = width + place * wanted.count
      let changes = Array(instruction.operands[first..<(first + wanted.count)])
      for direction in directions(result).members {
        var terms: [ValueID] = []
        let moving = words.indices.filter { tangent(words[$0], direction) != nil }
        if !moving.isEmpty {
          let positions = Set(moving).union(wanted).sorted()
          var operands = words
          for position in positions {
            if let known = wanted.firstIndex(of: position) {
              operands.append(changes[known])
            } else {
              operands.append(noChange(of: words[position]))
            }
          }
          for position in positions { operands.append(change(words[position], direction)) }
          terms.append(
            emit(
              .densityCurvature(family: family, parameterCount: count, layout, wanted: positions),
              operands, .real))
        }
        let changing = wanted.indices.filter { tangent(changes[$0], direction) != nil }
        if !changing.isEmpty {
          let operands = words + changing.map { change(changes[$0], direction) }
          terms.append(
            emit(
              .densityTangent(
                family: family, parameterCount: count, layout,
                wanted: changing.map { wanted[$0] }, directionCount: 1), operands, .real))
        }
        guard var sum = terms.first else { continue }
        for term in terms.dropFirst() {
          sum = emit(.primitive("add.real"), [sum, term], .real)
        }
        setTangent(sum, of: result, direction)
      }
    }
  }
}

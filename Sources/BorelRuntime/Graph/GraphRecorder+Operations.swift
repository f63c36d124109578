import BorelBase
import BorelHeap
import BorelIR

extension GraphRecorder {
  /// Adds one operation of a record.
  func absorb(
    _ operation: TracedOperation, _ operands: [Slot], _ results: [Int32], _ machine: Machine
  ) {
    let place = Place(
      function: Int(operation.function), block: Int(operation.block),
      instruction: Int(operation.instruction))
    switch operation.kind {
    case .kernel:
      guard let kernel = operation.kernel else { return fail("an operation without a kernel") }
      let inputs = operands.compactMap { binding($0, isHandle: false) }
      if inputs.count == operands.count { compute(.kernel(kernel), inputs, results, [], place) }
    case .column: absorbColumn(operation, operands, results, place, machine)
    case .sample: absorbChoice(operation, operands, results, place, machine)
    case .score: absorbScore(operation, operands, place, machine)
    case .factor: absorbTerm(.factor, operands, place)
    case .require: absorbTerm(.require, operands, place)
    case .infer: fail("an inference inside the model depends on a random value")
    case .host: fail("a function of the host depends on a random value")
    default: fail("an effect depends on a random value")
    }
  }

  private func absorbTerm(_ kind: GraphNode.Kind, _ operands: [Slot], _ place: Place) {
    guard let slot = operands.first, let input = binding(slot, isHandle: false) else { return }
    addTerm(kind, [materialise(input, at: place)], place)
  }

  private func addTerm(_ kind: GraphNode.Kind, _ operands: [GraphValueID], _ place: Place) {
    let value = graph.append(
      GraphValue(data: graph.makeColumn(), stride: 1, dependsOnChoices: true, isHandle: false))
    graph.append(kind, operands, results: [value], at: place)
  }

  /// Adds a node for an operation, or copies its result where no choice reaches it.
  private func compute(
    _ kind: GraphNode.Kind, _ inputs: [GraphBinding], _ results: [Int32], _ types: [IRType],
    _ place: Place
  ) {
    let depends = inputs.contains { dependsOnChoices($0) }
    func isHandle(_ k: Int) -> Bool { k < types.count && types[k].isHandle }
    guard depends else {
      for (k, column) in results.enumerated() {
        _ = copy(column, dependsOnChoices: false, isHandle: isHandle(k))
      }
      return
    }
    let operands = inputs.map { materialise($0, at: place) }
    let values = results.enumerated().map { k, column in
      makeValue(column, dependsOnChoices: true, isHandle: isHandle(k))
    }
    graph.append(kind, operands, results: values, at: place)
  }

  // MARK: Choices and scores

  private func absorbChoice(
    _ operation: TracedOperation, _ operands: [Slot], _ results: [Int32], _ place: Place,
    _ machine: Machine
  ) {
    let use = machine.program.uses[operation.payload]
    if use.isOptional {
      guard let flag = binding(operands[use.parameterCount], isHandle: false),
        let word = constantWord(flag)
      else { return fail("whether a datum is missing depends on a random value") }
      if word != 0 {
        for (k, column) in results.enumerated() {
          guard
            let datum = binding(
              operands[use.parameterCount + 1 + k], isHandle: use.layout[k].isHandle)
          else { return }
          bind(column, to: datum)
        }
        return
      }
    }
    guard operation.choice >= 0 else { return fail("a choice is not recorded") }
    let instance = machine.trace.choices[Int(operation.choice)].sink
    guard instance >= 0 else { return fail("chains make the choice at different places") }
    guard let parameters = parameters(use, operands, place, machine) else { return }
    let values = results.enumerated().map { k, column in
      copy(column, dependsOnChoices: true, isHandle: use.layout[k].isHandle)
    }
    addTerm(.density(use), parameters + values, place)
    graph.choices.append(
      GraphChoice(
        site: use.site, instance: instance, layout: use.layout, span: use.span, use: use,
        parameters: parameters, values: values,
        node: graph.nodes.count - 1))
  }

  private func absorbScore(
    _ operation: TracedOperation, _ operands: [Slot], _ place: Place, _ machine: Machine
  ) {
    let use = machine.program.uses[operation.payload]
    var first = use.parameterCount
    if use.isOptional {
      guard let flag = binding(operands[first], isHandle: false), let word = constantWord(flag)
      else { return fail("whether a datum is missing depends on a random value") }
      if word == 0 { return }
      first += 1
    }
    guard let parameters = parameters(use, operands, place, machine) else { return }
    var values: [GraphValueID] = []
    for (k, type) in use.layout.enumerated() {
      guard let value = binding(operands[first + k], isHandle: type.isHandle) else { return }
      values.append(materialise(value, at: place))
    }
    addTerm(.density(use), parameters + values, place)
  }

  private func parameters(
    _ use: DistributionUse, _ operands: [Slot], _ place: Place, _ machine: Machine
  ) -> [GraphValueID]? {
    let types = operandTypes(place, machine)
    var parameters: [GraphValueID] = []
    for k in 0..<use.parameterCount {
      guard let input = binding(operands[k], isHandle: k < types.count && types[k].isHandle)
      else { return nil }
      parameters.append(materialise(input, at: place))
    }
    return parameters
  }

  // MARK: Operations over columns

  private func instruction(_ place: Place, _ machine: Machine) -> Instruction {
    machine.program.source.functions[place.function].blocks[place.block]
      .instructions[place.instruction]
  }

  private func operandTypes(_ place: Place, _ machine: Machine) -> [IRType] {
    let function = machine.program.source.functions[place.function]
    return instruction(place, machine).operands.map { function.valueTypes[Int($0.index)] }
  }

  private func absorbColumn(
    _ operation: TracedOperation, _ operands: [Slot], _ results: [Int32], _ place: Place,
    _ machine: Machine
  ) {
    let types = operandTypes(place, machine)
    var inputs: [GraphBinding] = []
    for (slot, type) in zip(operands, types) {
      guard let input = binding(slot, isHandle: type.isHandle) else { return }
      inputs.append(input)
    }
    let code = instruction(place, machine)
    if resolve(code.operation, inputs, results, place) { return }
    let function = machine.program.source.functions[place.function]
    compute(
      .column(machine.program.operations[operation.payload].function), inputs, results,
      code.results.map { function.valueTypes[Int($0.index)] }, place)
  }

  /// Follows operations on arrays and boxes of known structure. False when the operation has to
  /// run.
  private func resolve(
    _ operation: Operation, _ inputs: [GraphBinding], _ results: [Int32], _ place: Place
  ) -> Bool {
    switch operation {
    case .arrayMake(let layout):
      bind(results[0], to: .array(makeArray(inputs, layout)))
    case .arrayFill(let layout):
      guard let count = index(inputs[0]), count >= 0, count <= Self.elementLimit else {
        return false
      }
      let element = Array(inputs[1...])
      bind(
        results[0],
        to: .array(makeArray((0..<count).flatMap { _ in element }, layout)))
    case .arrayCount:
      guard case .array(let array) = inputs[0] else { return false }
      bind(results[0], to: .value(graph.constant(UInt64(array.count))))
    case .arrayGet(let layout):
      return resolveElement(inputs, layout, results, place)
    case .arraySet(let layout):
      guard let array = array(inputs[0], layout), let index = index(inputs[1]),
        index >= 0, index < array.count, array.wordCount <= 4096
      else { return false }
      let words = Array(inputs[2...])
      bind(
        results[0],
        to: .array(
          array.setting(
            index, to: words, dependsOnChoices: words.contains { dependsOnChoices($0) })))
    case .arrayAppend(let layout):
      guard let array = array(inputs[0], layout) else { return false }
      let words = Array(inputs[1...])
      bind(
        results[0],
        to: .array(
          array.appending(words, dependsOnChoices: words.contains { dependsOnChoices($0) })))
    case .arrayConcat(let layout):
      guard let first = array(inputs[0], layout), let second = array(inputs[1], layout) else {
        return false
      }
      bind(
        results[0],
        to: .array(
          first.appending(Array(second.words), dependsOnChoices: second.dependsOnChoices)))
    case .arraySlice(let layout):
      guard let array = array(inputs[0], layout), let from = index(inputs[1]),
        let to = index(inputs[2]), from >= 0, from <= to, to <= array.count
      else { return false }
      bind(results[0], to: .array(array.slice(from..<to)))
    case .boxMake(let tag, let layout):
      bind(results[0], to: .box(makeBox(tag, inputs, layout)))
    case .closureMake(let function, let layout), .modelMake(let function, let layout):
      bind(results[0], to: .box(makeBox(Int(function.index), inputs, layout)))
    case .boxTag:
      guard case .box(let box) = inputs[0] else { return false }
      bind(results[0], to: .value(graph.constant(UInt64(box.tag))))
    case .boxFields(let tag, let first, let types):
      guard case .box(let box) = inputs[0] else { return false }
      for (k, column) in results.enumerated() {
        let isPresent = box.tag == tag && first + k < box.fields.count
        bind(
          column,
          to: isPresent
            ? box.fields[first + k] : .value(graph.constant(0, isHandle: types[k].isHandle)))
      }
    default: return false
    }
    return true
  }

  /// Longer arrays are not taken apart when they are filled.
  private static var elementLimit: Int { 1 << 20 }
  /// Arrays of more words are made whole when they are read at a varying index.
  private static var selectionLimit: Int { 64 }

  private func resolveElement(
    _ inputs: [GraphBinding], _ layout: [IRType], _ results: [Int32], _ place: Place
  ) -> Bool {
    guard case .array(let array) = inputs[0] else { return false }
    if let index = index(inputs[1]) {
      guard index >= 0, index < array.count else { return false }
      for (column, word) in zip(results, array.element(index)) { bind(column, to: word) }
      return true
    }
    guard array.wordCount <= Self.selectionLimit else { return false }
    compute(
      .element(stride: layout.count), [inputs[1]] + array.words, results, layout, place)
    return true
  }

  private func index(_ binding: GraphBinding) -> Int? {
    constantWord(binding).flatMap { Int(exactly: Int64(bitPattern: $0)) }
  }

  private func makeArray(_ words: [GraphBinding], _ layout: [IRType]) -> GraphArray {
    GraphArray(
      words, stride: layout.count, pointerMask: layout.pointerMask,
      dependsOnChoices: words.contains { dependsOnChoices($0) })
  }

  private func makeBox(_ tag: Int, _ fields: [GraphBinding], _ layout: [IRType]) -> GraphBox {
    GraphBox(
      tag: tag, fields: fields, pointerMask: layout.pointerMask,
      dependsOnChoices: fields.contains { dependsOnChoices($0) })
  }
}

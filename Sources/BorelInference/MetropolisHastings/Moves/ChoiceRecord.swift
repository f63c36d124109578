import BorelHeap
import BorelIR
import BorelRuntime

/// The choices of one chain that a move reaches, field by field.
struct ChoiceRecord: Equatable {
  /// By field and index: the word of the value; a field of one value has index 0. The last one of a
  /// field is not nil.
  var fields: [[UInt64?]]

  /// Whether the values agree: discrete ones exactly, reals within a tolerance.
  ///
  /// - Parameter tolerances: By real coordinate.
  func agrees(
    with other: ChoiceRecord, _ choices: [MoveInfo.Choice], tolerances: ArraySlice<Double>
  ) -> Bool {
    var rest = tolerances
    for (field, choice) in choices.enumerated() {
      guard fields[field].count == other.fields[field].count else { return false }
      for (a, b) in zip(fields[field], other.fields[field]) {
        guard choice.isReal, let a, let b else {
          if a != b { return false }
          continue
        }
        let distance = (Double(bitPattern: a) - Double(bitPattern: b)).magnitude
        guard let tolerance = rest.popFirst(), a == b || distance <= tolerance else {
          return false
        }
      }
    }
    return true
  }

  /// The values of the reals, in the order of `coordinates`.
  func reals(_ choices: [MoveInfo.Choice]) -> [Double] {
    coordinates(choices).map { Double(bitPattern: fields[$0.field][$0.index] ?? 0) }
  }

  /// The reals of the record: a part of the coordinates that a Jacobian is about.
  func coordinates(_ choices: [MoveInfo.Choice]) -> [Coordinate] {
    choices.indices.filter { choices[$0].isReal }.flatMap { field in
      fields[field].indices.filter { fields[field][$0] != nil }.map {
        Coordinate(field: field, index: $0)
      }
    }
  }

  struct Coordinate: Hashable {
    var field: Int
    var index: Int
  }

  /// A coordinate that is not a number.
  func firstNaN(_ choices: [MoveInfo.Choice]) -> Coordinate? {
    coordinates(choices).first {
      Double(bitPattern: fields[$0.field][$0.index] ?? 0).isNaN
    }
  }
}

/// How records of choices go in and out of the functions of a move.
struct RecordCoding {
  let choices: [MoveInfo.Choice]

  /// Which words have a tangent when the record is differentiated.
  var areInputs: [Bool] {
    choices.flatMap { choice in
      (!choice.isIndexed && choice.isOptional ? [false] : []) + [choice.isReal]
    }
  }

  /// The words of a record.
  func encode(_ record: ChoiceRecord, in arena: Arena) -> [UInt64] {
    zip(choices, record.fields).flatMap { choice, values -> [UInt64] in
      if !choice.isIndexed {
        let value = values.first ?? nil
        return (choice.isOptional ? [value == nil ? 0 : 1] : []) + [value ?? 0]
      }
      let width = choice.isOptional ? 2 : 1
      let array = arena.makeArray(count: values.count, stride: width, pointerMask: 0)
      for (index, value) in values.enumerated() {
        if choice.isOptional { array.elements[width * index] = value == nil ? 0 : 1 }
        array.elements[width * index + width - 1] = value ?? 0
      }
      return [array.object.bits]
    }
  }

  /// The tangents of the words that have one: 1 in the direction of a coordinate.
  func encodeTangents(
    _ record: ChoiceRecord, _ direction: ChoiceRecord.Coordinate?, in arena: Arena
  ) -> [UInt64] {
    choices.indices.filter { choices[$0].isReal }.map { field in
      let place = direction?.field == field ? direction?.index : nil
      if !choices[field].isIndexed { return (place == nil ? 0.0 : 1.0).bitPattern }
      var values = [Double](repeating: 0, count: record.fields[field].count)
      if let place { values[place] = 1 }
      return arena.makeArray(values).object.bits
    }
  }

  /// Takes a record from the words of results.
  ///
  /// - Parameters:
  ///   - next: Gives the next word, and its tangent where there is one.
  /// - Returns: The record, and the tangents of its coordinates.
  func decode(
    _ next: () -> (word: UInt64, tangent: UInt64?)
  ) -> (record: ChoiceRecord, tangents: [Double]) {
    var tangents: [Double] = []
    let fields = choices.map { choice -> [UInt64?] in
      if choice.isIndexed {
        let (word, tangent) = next()
        let values = elements(word, choice)
        if choice.isReal {
          let changes = tangent.map { ArrayObject(bits: $0) }
          for (index, value) in values.enumerated() where value != nil {
            tangents.append(changes.map { index < $0.count ? $0.real(index) : 0 } ?? 0)
          }
        }
        return values
      }
      let isPresent = !choice.isOptional || next().word != 0
      let (word, tangent) = next()
      if isPresent, choice.isReal { tangents.append(tangent.map { Double(bitPattern: $0) } ?? 0) }
      return isPresent ? [word] : []
    }
    return (ChoiceRecord(fields: fields), tangents)
  }

  private func elements(_ bits: UInt64, _ choice: MoveInfo.Choice) -> [UInt64?] {
    let array = ArrayObject(bits: bits)
    let width = choice.isOptional ? 2 : 1
    var values = (0..<array.count).map { index -> UInt64? in
      if choice.isOptional, array.elements[width * index] == 0 { return nil }
      return array.elements[width * index + width - 1]
    }
    while let last = values.last, last == nil { values.removeLast() }
    return values
  }
}

/// Where the choices of records are in stores that share a schema.
final class ChoiceLocator {
  let choices: [MoveInfo.Choice]
  /// By field: the number of the static choice; nil for code that is never reached.
  let sites: [Int?]
  private let schema: ChoiceSchema
  private var instances: [[Int: Int]]
  private var seen = 0

  /// - Parameter function: The function that draws the choices.
  init(
    _ choices: [MoveInfo.Choice], drawnIn function: FunctionID, _ program: CompiledProgram,
    _ schema: ChoiceSchema
  ) {
    self.choices = choices
    self.schema = schema
    let numbers = program.sites(ofFunctions: [Int(function.index)])
    sites = choices.map { choice in numbers.first { program.site($0).number == choice.site } }
    instances = choices.map { _ in [:] }
  }

  /// The instance of a choice; nil when no execution has met it yet.
  func instance(_ field: Int, _ index: Int) -> Int? {
    update()
    return instances[field][index]
  }

  /// One more than the largest index that any execution has met.
  func indexCount(_ field: Int) -> Int {
    update()
    return (instances[field].keys.max() ?? -1) + 1
  }

  /// The choices of a lane; nil when one is missing that every whole execution has.
  func record(of lane: Int, in store: ChoiceStore) -> ChoiceRecord? {
    update()
    var fields: [[UInt64?]] = []
    for (field, choice) in choices.enumerated() {
      var values: [UInt64?] = []
      for (index, instance) in instances[field] {
        let columns = store.columns(instance)
        guard columns.present[lane] else { continue }
        while values.count <= index { values.append(nil) }
        values[index] = columns.words[lane]
      }
      if !choice.isOptional, values.contains(nil) || (!choice.isIndexed && values.isEmpty) {
        return nil
      }
      fields.append(values)
    }
    return ChoiceRecord(fields: fields)
  }

  private func update() {
    while seen < schema.instances.count {
      let instance = schema.instances[seen]
      for (field, site) in sites.enumerated() where site == instance.site {
        instances[field][choices[field].isIndexed ? Int(instance.loops.last ?? 0) : 0] = seen
      }
      seen += 1
    }
  }
}

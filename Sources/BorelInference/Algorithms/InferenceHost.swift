import BorelBase
import BorelData
import BorelDistributions
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime

/// What the machine asks for on behalf of a program: printing, documents, nested inference, and
/// the members of posteriors.
final class InferenceHost: MachineHost {
  unowned let engine: Engine

  init(engine: Engine) { self.engine = engine }

  var isCancelled: Bool { engine.limits.isCancelled() }

  func note(laneSteps: UInt64, of machine: Machine) {
    engine.progress?.note(laneSteps, of: machine)
  }

  func print(_ words: [UInt64], _ shape: Shape, at span: Span) throws {
    engine.script?.print(try shown(words, shape, at: span))
  }

  func debug(_ words: [UInt64], _ shape: Shape, at span: Span) throws {
    engine.diagnostics.append(
      Diagnostic("N0001", .runtime, try shown(words, shape, at: span), at: span, severity: .note))
  }

  /// The text of a value that the program shows.
  ///
  /// - Throws: E0609 when the program has shown more than the run may.
  private func shown(_ words: [UInt64], _ shape: Shape, at span: Span) throws -> String {
    let text = text(words, shape)
    engine.outputBytes += text.utf8.count + 1
    if let limit = engine.limits.output, engine.outputBytes > limit {
      throw Diagnostic(
        "E0609", .limit, "the program shows more than \(limit) bytes of text", at: span,
        hints: ["look for a loop that does not end, or set a larger limit"])
    }
    return text
  }

  /// Values of a tuple joined by blanks; strings without quotes.
  func text(_ words: [UInt64], _ shape: Shape) -> String {
    let value = ValueCoding(enumerations: engine.program.enumerations).decode(words, shape)
    guard case .tuple(let parts) = value, case .tuple = shape else { return Self.text(value) }
    return parts.map(Self.text).joined(separator: " ")
  }

  private static func text(_ value: Value) -> String {
    if case .string(let text) = value { return text }
    return value.text
  }

  func decode(document: Int64, as shape: Shape, machine: Machine) throws -> [UInt64] {
    guard let documents = engine.documents else { return [] }
    let value = try documents.decode(
      Int(document), as: shape, enumerations: engine.program.enumerations)
    return ValueCoding(enumerations: engine.program.enumerations).encode(
      value, shape, in: machine.arena)
  }

  func call(
    _ name: String, arguments: [UInt64], types: [IRType], results: [IRType], machine: Machine,
    at span: Span
  ) throws -> [UInt64] {
    let texts = zip(arguments, types).compactMap { word, type in
      type == .string ? StringTable.shared[Int64(bitPattern: word)] : nil
    }
    switch name {
    case "arguments":
      let numbers = (engine.script?.arguments ?? []).map { StringTable.shared.number(of: $0) }
      return [machine.arena.makeArray(numbers).object.bits]
    case "readJSON", "readCSV":
      guard let documents = engine.documents, let path = texts.first else {
        throw noFiles(at: span)
      }
      do {
        return [
          UInt64(try documents.open(path, format: name == "readJSON" ? .json : .csv))
        ]
      } catch {
        throw placed(error, at: span)
      }
    case "data.field":
      guard let documents = engine.documents, let field = texts.first else {
        throw noFiles(at: span)
      }
      return [
        UInt64(try documents.field(field, of: Int(truncatingIfNeeded: arguments[0])))
      ]
    case "data.element":
      guard let documents = engine.documents else { throw noFiles(at: span) }
      return [
        UInt64(
          try documents.element(
            Int64(bitPattern: arguments[1]), of: Int(truncatingIfNeeded: arguments[0])))
      ]
    default:
      return try PosteriorMembers(engine: engine, machine: machine).call(
        name, arguments: arguments, texts: texts, results: results, at: span)
    }
  }

  /// Problems without a place of their own point to the call.
  private func placed(_ problems: Diagnostics, at span: Span) -> Diagnostics {
    Diagnostics(
      problems.list.map { problem in
        var problem = problem
        if problem.span.isNone { problem.span = span }
        return problem
      })
  }

  private func noFiles(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0315", .runtime, "this host grants no access to files", at: span,
      hints: ["pass data as arguments of the model"])
  }

  func infer(
    model: UInt64, method: String, layout: [IRType], machine: Machine, key: UInt64, at span: Span
  ) throws -> UInt64 {
    var nested = NestedInference(engine: engine, arena: machine.arena)
    return try nested.infer(
      model: model, method: method, layout: layout, key: key,
      isTopLevel: machine.laneCount == 1 && engine.script != nil, at: span)
  }
}

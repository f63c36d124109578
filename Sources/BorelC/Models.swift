// The functions have the names of the header.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Borel
import BorelBase
import BorelCompiler
import BorelData
import CBorel

typealias ModelBox = Changing<Model>

@c @implementation
public func borel_program_create(
  _ source: UnsafePointer<CChar>?, _ name: UnsafePointer<CChar>?, _ error: ErrorPlace
) -> OpaquePointer? {
  var file = SourceFile(name: "", text: "")
  return reporting(error, in: Compilation.checking(file).sourceMap) {
    () throws(Diagnostics) in
    let title = try name.map { (name) throws(Diagnostics) in try text(name, "name") }
    file = SourceFile(name: title ?? "<program>", text: try text(source, "source"))
    let program = try Program(source: file.text, name: file.name)
    return Handles.shared.add(Boxed(program))
  } ?? nil
}

@c @implementation
public func borel_program_models(
  _ program: OpaquePointer?, _ error: ErrorPlace
) -> UnsafeMutablePointer<CChar>? {
  reporting(error) { () throws(Diagnostics) in
    let program = try found(program, Boxed<Program>.self, "program").value
    let models = program.models.map { model in
      JSONValue.object([
        ("name", .string(model.name)), ("documentation", .string(model.documentation)),
        ("parameters", .array(model.parameters.map(json))),
      ])
    }
    return CText.copy(JSONValue.array(models).text)
  } ?? nil
}

private func json(_ parameter: Model.Parameter) -> JSONValue {
  .object([
    ("name", .string(parameter.name)), ("type", .string(parameter.type)),
    ("learnable", .bool(parameter.isLearnable)), ("hasDefault", .bool(parameter.hasDefault)),
  ])
}

@c @implementation
public func borel_program_destroy(_ program: OpaquePointer?) {
  Handles.shared.remove(program, Boxed<Program>.self)
}

@c @implementation
public func borel_model_create(
  _ program: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ error: ErrorPlace
) -> OpaquePointer? {
  reporting(error) { () throws(Diagnostics) in
    let program = try found(program, Boxed<Program>.self, "program").value
    let name = try name.map { (name) throws(Diagnostics) in try text(name, "name") }
    return Handles.shared.add(ModelBox(try program.model(name)))
  } ?? nil
}

@c @implementation
public func borel_model_destroy(_ model: OpaquePointer?) {
  Handles.shared.remove(model, ModelBox.self)
}

/// Changes the data of a model.
private func give(
  _ model: OpaquePointer?, _ error: ErrorPlace,
  _ change: (Model) throws(Diagnostics) -> Model
) -> Bool {
  reporting(error) { () throws(Diagnostics) in
    let box = try found(model, ModelBox.self, "model")
    box.set(try change(box.value))
    return true
  } ?? false
}

/// A column of C.
///
/// - Throws: E0730 for NULL, unless it is empty.
private func column<Element>(
  _ values: UnsafePointer<Element>?, _ count: Int
) throws(Diagnostics) -> UnsafeBufferPointer<Element> {
  guard count >= 0, values != nil || count == 0 else { throw misuse("the values are NULL") }
  return UnsafeBufferPointer(start: values, count: count)
}

@c @implementation
public func borel_model_give_json(
  _ model: OpaquePointer?, _ json: UnsafePointer<CChar>?, _ error: ErrorPlace
) -> Bool {
  give(model, error) { (model) throws(Diagnostics) in
    try model.given(json: try text(json, "JSON text"))
  }
}

@c @implementation
public func borel_model_give_csv(
  _ model: OpaquePointer?, _ csv: UnsafePointer<CChar>?, _ error: ErrorPlace
) -> Bool {
  give(model, error) { (model) throws(Diagnostics) in
    try model.given(csv: try text(csv, "table"))
  }
}

@c @implementation
public func borel_model_give_reals(
  _ model: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ values: UnsafePointer<Double>?,
  _ count: Int, _ error: ErrorPlace
) -> Bool {
  give(model, error) { (model) throws(Diagnostics) in
    let values = try column(values, count).map { $0.isNaN ? nil : $0 }
    return try model.given([try text(name, "name"): values])
  }
}

@c @implementation
public func borel_model_give_ints(
  _ model: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ values: UnsafePointer<Int64>?,
  _ count: Int, _ error: ErrorPlace
) -> Bool {
  give(model, error) { (model) throws(Diagnostics) in
    try model.given([try text(name, "name"): try column(values, count).map { Int($0) }])
  }
}

@c @implementation
public func borel_model_give_real(
  _ model: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ value: Double, _ error: ErrorPlace
) -> Bool {
  give(model, error) { (model) throws(Diagnostics) in
    try model.given([try text(name, "name"): value])
  }
}

@c @implementation
public func borel_model_give_int(
  _ model: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ value: Int64, _ error: ErrorPlace
) -> Bool {
  give(model, error) { (model) throws(Diagnostics) in
    try model.given([try text(name, "name"): Int(value)])
  }
}

import BorelBase
import BorelData
import BorelIR
import Testing

/// A model with the given parameters and no body.
private func model(
  _ parameters: [(String, Shape)], defaults: Set<String> = []
) -> ModelInfo {
  ModelInfo(
    name: "m", function: FunctionID(0),
    parameters: parameters.map { name, shape in
      ModelInfo.Parameter(
        name: name, shape: shape,
        defaultFunction: defaults.contains(name) ? FunctionID(1) : nil, span: .none)
    },
    result: .real, span: .none)
}

private func bind(
  _ text: String, _ format: DataSet.Format = .json, to model: ModelInfo,
  settings: [String] = [], enumerations: [EnumerationInfo] = []
) throws(Diagnostics) -> BoundArguments {
  var data = DataSet()
  if !text.isEmpty {
    try data.add(SourceFile(name: "data", text: text), format: format)
  }
  for setting in settings { try data.add(setting: setting) }
  return try data.bind(to: model, enumerations: enumerations)
}

/// The codes and messages of what a binding reports.
private func problems(
  _ text: String, _ format: DataSet.Format = .json, to model: ModelInfo,
  settings: [String] = []
) -> [String] {
  do {
    _ = try bind(text, format, to: model, settings: settings)
    return []
  } catch {
    return error.list.map { "\($0.code) \($0.message)" }
  }
}

@Test func fieldsBindByName() throws {
  let model = model([("y", .array(.optional(.real))), ("n", .int), ("flag", .bool)])
  let bound = try bind(#"{"n": 3.0, "flag": 1, "y": [1, null, 2.5]}"#, to: model)
  #expect(
    bound.values == [
      .array([.optional(.real(1)), .optional(nil), .optional(.real(2.5))]), .int(3), .bool(true),
    ])
}

@Test func whatDoesNotFitIsNamedWithItsPath() {
  let model = model([("y", .array(.real)), ("n", .int)])
  #expect(
    problems(#"{"y": [1, "NaN", true], "n": 2.5}"#, to: model) == [
      "E0412 'y[1]' must be a number, found the string \"NaN\"",
      "E0412 'y[2]' must be a number, found true",
      "E0412 'n' must be an integer, found 2.5",
    ])
  #expect(
    problems(#"{"y": [null], "m": 2}"#, to: model) == [
      "E0411 model 'm' has no parameter 'm'",
      "E0412 'y[0]' must be a number, found null",
      "E0410 model 'm' needs 'n' of type Int, which no data give",
    ])
}

@Test func positionsPointIntoTheDataFile() throws {
  let text = "{\n  \"y\": [1,\n    oops]\n}"
  let file = SourceFile(name: "data.json", text: text)
  do {
    _ = try JSONReader.read(file, fileIndex: 2)
    Issue.record("malformed JSON was accepted")
  } catch {
    #expect(error.span.file == 2)
    #expect(file.position(of: Int(error.span.start)) == (3, 5))
    #expect(error.message == "malformed JSON: expected a value, found 'oops'")
  }
}

@Test func repeatedFieldsAndDeepNestingAreDiagnosed() {
  let model = model([("y", .real)])
  #expect(problems(#"{"y": 1, "y": 2}"#, to: model) == ["E0403 field 'y' is given twice"])
  let deep = #"{"y": "# + String(repeating: "[", count: 100_000)
  #expect(problems(deep, to: model) == ["E0404 data are nested deeper than 200 levels"])
}

@Test func integersKeepAllTheirDigits() throws {
  let bound = try bind(#"{"n": 9007199254740993}"#, to: model([("n", .int)]))
  #expect(bound.values == [.int(9_007_199_254_740_993)])
  #expect(
    problems(#"{"n": 1e400}"#, to: model([("n", .int)])) == [
      "E0401 the number 1e400 is too large for a Real"
    ])
}

@Test func escapesAndSurrogatesAreDecoded() throws {
  let bound = try bind(#"{"s": "a\n\u00e9\ud83d\ude00"}"#, to: model([("s", .string)]))
  #expect(bound.values == [.string("a\né😀")])
}

@Test func columnsOfTablesBindByName() throws {
  let model = model([("x", .array(.real)), ("y", .array(.optional(.int)))])
  let bound = try bind("x,y,note\r\n1.5,2,\"a,\"\"b\"\"\"\r\n2,,c\r\n", .csv, to: model)
  #expect(
    bound.values == [
      .array([.real(1.5), .real(2)]), .array([.optional(.int(2)), .optional(nil)]),
    ])
  #expect(bound.warnings.map(\.message) == ["columns not used: 'note'"])
}

@Test func rowsBindToTheOnlyArrayOfRecords() throws {
  let record = Shape.record([Shape.Field("year", .int), Shape.Field("flow", .optional(.real))])
  let expected: [Value?] = [
    .array([
      .record([.init("year", .int(1871)), .init("flow", .optional(.real(1120)))]),
      .record([.init("year", .int(1872)), .init("flow", .optional(nil))]),
    ])
  ]
  let model = model([("data", .array(record)), ("sd", .real)], defaults: ["sd"])
  #expect(
    try bind("year,flow\n1871,1120\n1872,\n", .csv, to: model).values.dropLast() == expected[...])
  let json = #"[{"year": 1871, "flow": 1120}, {"year": 1872, "flow": null}]"#
  #expect(try bind(json, to: model).values.dropLast() == expected[...])
}

@Test func rowsOfObjectsGiveColumns() throws {
  let model = model([("x", .array(.real)), ("y", .array(.real))])
  let bound = try bind(#"[{"x": 1, "y": 2}, {"x": 3, "y": 4}]"#, to: model)
  #expect(bound.values == [.array([.real(1), .real(3)]), .array([.real(2), .real(4)])])
}

@Test func bareArraysBindToTheOnlyArray() throws {
  let model = model([("flow", .array(.real)), ("sd", .real)], defaults: ["sd"])
  #expect(try bind("[1, 2]", to: model).values == [.array([.real(1), .real(2)]), nil])
  #expect(try bind("flow\n1\n2\n", .csv, to: model).values == [.array([.real(1), .real(2)]), nil])
}

@Test func raggedTablesAndOpenQuotesAreDiagnosed() {
  let model = model([("x", .array(.real)), ("y", .array(.real))])
  #expect(
    problems("x,y\n1,2\n3\n4,5,6\n", .csv, to: model) == [
      "E0405 row 2 has 1 cells, but the header has 2",
      "E0405 row 3 has 3 cells, but the header has 2",
    ])
  #expect(
    problems("x,y\n1,\"2\n3,4\n", .csv, to: model) == [
      "E0405 a quoted cell is not closed before the end of the file"
    ])
  #expect(
    problems("x,y\n1,NA\n", .csv, to: model) == [
      "E0412 'y[0]' must be a number, found \"NA\""
    ])
}

@Test func settingsWinOverFiles() throws {
  let model = model([("a", .real), ("s", .string), ("v", .array(.int))])
  let bound = try bind(
    #"{"a": 1}"#, to: model, settings: ["a=2.5", "s=plain text", "v=[1, 2]"])
  #expect(bound.values == [.real(2.5), .string("plain text"), .array([.int(1), .int(2)])])
  #expect(
    problems("", to: model, settings: ["a"]) == ["E0406 expected name=value, found 'a'"])
}

@Test func valuesOutsideTheDomainAreRefused() {
  var positive = model([("sd", .real)])
  positive.parameters[0].lower = 0
  positive.parameters[0].isLowerOpen = true
  #expect(
    problems(#"{"sd": 0}"#, to: positive) == ["E0415 'sd' must be above 0, found 0"])
}

@Test func matricesAndEnumsAreRead() throws {
  let tree = EnumerationInfo(
    name: "Tree",
    cases: [
      .init(name: "leaf", payload: []),
      .init(name: "node", payload: [.enumeration(0), .enumeration(0)]),
    ])
  let model = model([("m", .matrix), ("t", .enumeration(0))])
  let bound = try bind(
    #"{"m": [[1, 2], [3, 4]], "t": {"node": ["leaf", {"node": ["leaf", "leaf"]}]}}"#,
    to: model, enumerations: [tree])
  let leaf = Value.variant("leaf", [])
  #expect(
    bound.values == [
      .matrix(rows: 2, columns: 2, [1, 2, 3, 4]),
      .variant("node", [leaf, .variant("node", [leaf, leaf])]),
    ])
  #expect(
    problems(#"{"m": [[1, 2], [3]], "t": 1}"#, to: ragged) == [
      "E0414 row 1 of 'm' has 1 numbers, the first row has 2"
    ])
}

private let ragged = model([("m", .matrix), ("t", .int)])

@Test func theHashDependsOnValuesOnly() throws {
  let model = model([("a", .real), ("b", .real)])
  let first = try bind(#"{"a": 1, "b": 2}"#, to: model).hash
  #expect(try bind(#"{ "b": 2.0, "a": 1 }"#, to: model).hash == first)
  #expect(try bind(#"{"a": 2, "b": 1}"#, to: model).hash != first)
}

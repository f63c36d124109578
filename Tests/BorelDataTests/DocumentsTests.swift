import BorelBase
import BorelData
import BorelIR
import Testing

private let documents = Documents(firstFileIndex: 1) { path throws(Diagnostics) in
  let texts = [
    "a.json": #"{"flow": [1, 2], "name": "x"}"#, "t.csv": "x,y\n1,a\n2,b\n",
  ]
  guard let text = texts[path] else {
    throw Diagnostics([Diagnostic("E0402", .data, "no file '\(path)'", at: .none)])
  }
  return SourceFile(name: path, text: text)
}

@Test func partsOfDocumentsAreDecodedByType() throws {
  let whole = try documents.open("a.json", format: .json)
  let flow = try documents.field("flow", of: whole)
  #expect(
    try documents.decode(flow, as: .array(.real), enumerations: [])
      == .array([.real(1), .real(2)]))
  let second = try documents.element(1, of: flow)
  #expect(try documents.decode(second, as: .int, enumerations: []) == .int(2))
  do {
    _ = try documents.field("flwo", of: whole)
    Issue.record("found a field that does not exist")
  } catch {
    #expect(error.list.first?.message == "'a.json' has no field 'flwo'")
    #expect(error.list.first?.hints == ["did you mean 'flow'?"])
  }
  do {
    _ = try documents.decode(flow, as: .string, enumerations: [])
    Issue.record("an array is no string")
  } catch {
    #expect(
      error.list.first?.message
        == "'a.json.flow' must be a string, found an array of 2 elements")
  }
}

@Test func tablesAreRowsOrColumns() throws {
  let table = try documents.open("t.csv", format: .csv)
  let row = Shape.record([Shape.Field("x", .int), Shape.Field("y", .string)])
  #expect(
    try documents.decode(table, as: .array(row), enumerations: [])
      == .array([
        .record([.init("x", .int(1)), .init("y", .string("a"))]),
        .record([.init("x", .int(2)), .init("y", .string("b"))]),
      ]))
  let columns = Shape.record([Shape.Field("x", .array(.real))])
  #expect(
    try documents.decode(table, as: columns, enumerations: [])
      == .record([.init("x", .array([.real(1), .real(2)]))]))
}

import EmbeddingExample
import Testing

@Test(arguments: [
  "1\n2.5\n\n4\n", "y\n1\n2.5\nNA\n4\n", "[1, 2.5, null, 4]", "{\"y\": [1, 2.5, null, 4]}",
  "{\"unit\": \"m\", \"y\": [1, 2.5, null, 4]}",
])
func aSeriesHasManyForms(_ text: String) throws {
  #expect(try readSeries(text) == [1, 2.5, nil, 4])
}

@Test func columnsAreChosenByName() throws {
  let table = "year,flow\r\n1871,1120\r\n1872,\r\n1873,963\r\n"
  #expect(try readSeries(table, column: "flow") == [1120, nil, 963])
  #expect(throws: SeriesError.noColumn(nil, among: ["year", "flow"])) { try readSeries(table) }
  #expect(throws: SeriesError.noColumn("level", among: ["year", "flow"])) {
    try readSeries(table, column: "level")
  }
  #expect(throws: SeriesError.noColumn(nil, among: ["a", "b"])) {
    try readSeries("{\"a\": [1], \"b\": [2]}")
  }
}

@Test func whatIsNoNumberHasALine() {
  #expect(throws: SeriesError.noNumber("high", line: 3)) { try readSeries("y\n1\nhigh\n") }
  #expect(throws: SeriesError.noNumber("inf", line: 2)) { try readSeries("1\ninf\n") }
  #expect(throws: SeriesError.noJSON("expected an array, or an object of arrays")) {
    try readSeries("[1, ")
  }
}

@Test func aForecastNeedsSpread() async {
  await #expect(throws: SeriesError.noSpread) {
    try await Forecaster(.level).forecast([3, nil, 3], ahead: 1)
  }
  await #expect(throws: SeriesError.noSpread) {
    try await Forecaster(.level).forecast([], ahead: 1)
  }
}

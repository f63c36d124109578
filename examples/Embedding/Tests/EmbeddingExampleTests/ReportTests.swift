import EmbeddingExample
import Testing

@Test func theBiasOfTheCoinIsReported() async throws {
  // Beta(8, 4): mean 0.67, standard deviation 0.13; evidence B(8, 4) = 1/1320.
  let report = try await coinReport(
    flips: [true, true, false, true, true, false, true, true, false, true])
  #expect(report.hasPrefix("the bias is 0.67 ± 0.13, log evidence -7.1"))
}

@Test func theSensorIsRead() async throws {
  // By quadrature: mean 29.1, standard deviation 1.7.
  let report = try await sensorReport(readings: [27.5, 31, 29])
  #expect(report == "the temperature is 29 ± 2")
}

import Borel
import Foundation

/// The temperature behind some readings of a sensor, as a sentence: the model calls a calibration
/// table and draws from a distribution that are written in Swift.
///
/// - Throws: `Diagnostics` when the program or the data are wrong.
public func sensorReport(readings: [Double]) async throws -> String {
  let table = [-10.0, 4, 21, 35, 60, 110]
  var library = HostLibrary()
  try library.define("celsius") { (volts: Double) in
    let position = min(max(volts, 0), 4.999)
    let index = Int(position)
    return table[index] + (position - Double(index)) * (table[index + 1] - table[index])
  }
  try library.define(
    distribution: "Triangular", parameters: ["low", "high"], support: .between("low", "high"),
    sample: { (random: inout HostRandom, low: Double, high: Double) in
      low + (high - low) * (random.uniform() + random.uniform()) / 2
    },
    logDensity: { (x: Double, low: Double, high: Double) in
      let half = (high - low) / 2
      return log((half - abs(x - low - half)) / (half * half))
    })
  let program = try Program(
    source: """
      model sensor(readings: [Real]) {
        volts ~ Triangular(low: 0, high: 5)
        for reading in readings { observe reading ~ Normal(celsius(volts), 3) }
        return celsius(volts)
      }
      """, name: "sensor.ppl", library: library)
  let fit = try await program.model().given(["readings": readings]).infer(.mh(), seed: 1)
  let result = fit["result"]
  return "the temperature is \(rounded(result.mean)) ± \(rounded(result.standardDeviation))"
}

/// No digits after the point.
private func rounded(_ value: Double) -> Int { Int(value.rounded()) }

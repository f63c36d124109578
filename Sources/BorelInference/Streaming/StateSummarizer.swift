import BorelIR
import BorelRuntime

/// Makes summaries of the newest values under the weights of the lanes.
struct StateSummarizer {
  let program: Program
  let laneCount: Int
  /// Ascending, in (0, 1).
  let probabilities: [Double]
  private var selection = QuantileSelection()

  init(program: Program, laneCount: Int, probabilities: [Double]) {
    self.program = program
    self.laneCount = laneCount
    self.probabilities = probabilities
  }

  mutating func summaries(
    _ entries: [LatestValues.Entry], _ weights: LaneWeights
  ) -> [StreamSummary] {
    var result: [StreamSummary] = []
    for entry in entries {
      let report = program.reports[entry.report]
      let name = ReportKey(name: report.name, loops: entry.loops).text
      let present = entry.present
      let columns = entry.values.map { $0.words(count: laneCount) }
      switch report.shape {
      case .real:
        result.append(
          summary(name, .real, columns[0].map { Double(bitPattern: $0) }, present, weights))
      default:
        let variables = PathReader.variables(
          named: name, report.shape, columns,
          present: present ?? [Bool](repeating: true, count: laneCount), program: program)
        for variable in variables {
          result.append(
            summary(variable.name, variable.kind, variable.values, variable.present, weights))
        }
      }
    }
    return result
  }

  private mutating func summary(
    _ name: String, _ kind: Variable.Kind, _ values: [Double], _ present: [Bool]?,
    _ weights: LaneWeights
  ) -> StreamSummary {
    var used = weights
    if let present { used = weights.restricted(to: present) }
    let share = present == nil ? 1 : used.sum / weights.sum
    var summary = StreamSummary(
      name: name, kind: kind, present: share > 1 - 1e-12 ? 1 : share, quantiles: [],
      probabilities: [])
    guard used.sum > 0 else { return summary }
    if kind.isNumeric {
      let (mean, sd) = used.moments(values)
      summary.mean = mean
      summary.sd = sd
      summary.quantiles = used.values.withUnsafeBufferPointer { weights in
        weights.baseAddress.map { selection.quantiles(values, $0, probabilities) } ?? []
      }
    }
    summary.probabilities = table(kind, values, used)
    return summary
  }

  private func table(
    _ kind: Variable.Kind, _ values: [Double], _ weights: LaneWeights
  ) -> [(label: String, probability: Double)] {
    var masses: [Double: Double] = [:]
    switch kind {
    case .real, .int: return []
    case .bool: masses = [0: 0, 1: 0]
    case .enumeration(let names):
      for index in names.indices { masses[Double(index)] = 0 }
    case .text: break
    }
    for (value, weight) in zip(values, weights.values) where weight > 0 {
      masses[value, default: 0] += weight
    }
    let variable = Variable(name: "", kind: kind, values: [])
    return masses.sorted { $0.key < $1.key }.map {
      (variable.label(of: $0.key), min($0.value / weights.sum, 1))
    }
  }
}

import BorelDistributions
import BorelHeap
import Testing

/// Lanes of the columns: not a multiple of 8 or 16, and more than one block of randomness.
private let laneCount = 101

@Test(arguments: LawCase.all)
func oneLaneDrawsAsMany(law: LawCase) {
  func check<F: Family>(_ family: F.Type) {
    let operands = ParameterWords(law.arguments)
    let expected = Draws.words(
      family, count: laneCount, operands: operands.uniformOperands, form: .scalar)
    for form in Draws.Form.allCases {
      let found = Draws.words(
        family, count: laneCount, operands: operands.uniformOperands, form: form)
      #expect(found == expected, "\(form)")
    }
    // A column of parameters, and a shorter block.
    withColumns(of: operands) { columns in
      #expect(
        Draws.words(family, count: 37, operands: columns, form: .contiguous)
          == Array(expected[..<37]))
      #expect(
        Draws.words(family, count: 37, operands: columns, form: .strided)
          == Array(expected[..<37]))
    }
  }
  check(law.type)
}

@Test(arguments: LawCase.all)
func oneLaneScoresAsMany(law: LawCase) {
  func check<F: Family>(_ family: F.Type) {
    let parameters = ParameterWords(law.arguments)
    var values = Draws.words(
      family, count: laneCount, operands: parameters.uniformOperands, form: .contiguous)
    if F.signature.value == .real {
      let odd: [Double] = [0, 1, -1, .infinity, -.infinity, .nan, 1e-310, -0.0, 1e300]
      for (index, x) in odd.enumerated() { values[11 * index + 3] = x.bitPattern }
    } else if F.signature.value == .int {
      for (index, n) in [-1, .max, .min, 1 << 40].enumerated() {
        values[11 * index + 3] = UInt64(bitPattern: Int64(n))
      }
    }
    let expected = values.map { word in
      var word = word
      return 0.375 + withUnsafePointer(to: &word) { F.logDensity(LaneWords($0), parameters.words) }
    }
    withColumns(of: parameters) { columns in
      for operands in [parameters.uniformOperands, columns] {
        var weights = [Double](repeating: 0.375, count: laneCount)
        values.withUnsafeBufferPointer { buffer in
          var value = ColumnOperand(base: buffer.baseAddress!, stride: 1)
          F.accumulateLogDensity(
            count: laneCount, value: &value, parameters: operands, into: &weights)
        }
        for lane in 0..<laneCount {
          #expect(
            weights[lane].bitPattern == expected[lane].bitPattern
              || weights[lane].isNaN && expected[lane].isNaN,
            "lane \(lane): \(F.scalar(values[lane])) \(weights[lane]) \(expected[lane])")
        }
      }
    }
  }
  check(law.type)
}

/// Passes a column per parameter, with the same word in each lane.
private func withColumns(of parameters: ParameterWords, _ body: ([ColumnOperand]) -> Void) {
  let columns = UnsafeMutablePointer<UInt64>.allocate(capacity: laneCount * (parameters.count + 1))
  defer { columns.deallocate() }
  var operands: [ColumnOperand] = []
  for k in 0..<parameters.count {
    let column = columns + k * laneCount
    column.initialize(repeating: parameters.base[k], count: laneCount)
    operands.append(ColumnOperand(base: column, stride: 1))
  }
  body(operands)
}

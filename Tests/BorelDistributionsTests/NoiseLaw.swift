import BorelDistributions
import BorelHeap
import Testing

/// The variate of a value gives the value back.
@Test(arguments: LawCase.all.filter { $0.type is any HasStandardNoise.Type })
func variatesGiveTheirValuesBack(law: LawCase) {
  func check<F: HasStandardNoise>(_ family: F.Type) {
    let parameters = ParameterWords(law.arguments)
    let values = Draws.words(
      family, count: 101, operands: parameters.uniformOperands, form: .contiguous)
    for word in values {
      let value = Double(bitPattern: word)
      let again = Double(
        bitPattern: F.word(from: F.noise(of: word, parameters.words), parameters.words))
      // A value is a sum: its error is relative to the larger of its terms.
      #expect(abs(again - value) <= 1e-14 * (abs(value) + 10), "\(value) became \(again)")
    }
  }
  if let type = law.type as? any HasStandardNoise.Type { check(type) }
}

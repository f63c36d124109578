import BorelBase
import BorelCompiler
import Testing

@Test func theStandardLibraryIsCorrect() {
  let messages = checkStandardLibrary().map { "\($0.code) file \($0.span.file): \($0.message)" }
  #expect(messages == [])
}

@Test func libraryFunctionsAreCalledAsFunctionsAndMethods() {
  let source = """
    func f(xs: [Real]) {
      let a = xs.map { $0 * 2 }.filter { $0 > 1 }.take(3)
      let b = sorted([3, 1, 2])
      let c = xs.fold(0) { acc, x in acc + x }
      let d = all(xs) { $0 > 0 } && any([true, false])
      let e = count(xs) { $0 > 0 } + count(xs)
      (a, b, c, d, e)
    }
    """
  #expect(
    resultType(of: "f", in: source)
      == .tuple([.array(.real), .array(.int), .real, .bool, .int]))
}

@Test func theLibraryDoesNotSeeNamesOfTheProgram() {
  expectChecked("func sign(x: String) { x }\nfunc f() { bisect(0, 2) { x in x * x - 2 } }")
}

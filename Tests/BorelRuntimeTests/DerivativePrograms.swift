import BorelBase
import BorelCompiler
import BorelIR
import BorelRuntime
import BorelTransforms

/// A function of the language of two reals, differentiated and run.
struct DerivativeProgram {
  let program: Program
  let function: FunctionID
  private let compiled: CompiledProgram
  private let plain: CompiledProgram

  struct Problem: Error, CustomStringConvertible { var description: String }

  /// - Parameter source: Declares `func f(x: Real, y: Real) -> Real`, and a model that uses it, so
  ///   that it is kept.
  init(_ source: String) throws {
    let text = source + "\nmodel keep(x: Real, y: Real) { return f(x, y) }\n"
    let compilation = compile(source: SourceFile(name: "f.ppl", text: text))
    guard let program = compilation.program else {
      throw Problem(description: compilation.diagnostics.map(\.message).joined(separator: "; "))
    }
    function = program.models[0].function
    let transform = Differentiated(
      function, inputs: [.init(name: "x", position: 0), .init(name: "y", position: 1)],
      output: .tangents)
    // With tangents the function gives more than the model that it belonged to.
    var transformed = try transform.apply(program)
    transformed.models = []
    self.program = transformed
    let errors = verify(self.program).map(\.description)
    guard errors.isEmpty else { throw Problem(description: errors.joined(separator: "\n")) }
    compiled = ProgramCompiler.compile(self.program)
    plain = ProgramCompiler.compile(program)
  }

  private func run(_ code: CompiledProgram, _ x: Double, _ y: Double, width: Int) throws -> [Double]
  {
    let machine = Machine(program: code, groupKeys: [0], lanesPerGroup: 1)
    machine.start(function: function, arguments: [x.bitPattern, y.bitPattern])
    try machine.advance()
    return machine.results(width: width).columns.map { Double(bitPattern: $0[0]) }
  }

  func value(_ x: Double, _ y: Double) throws -> Double {
    try run(plain, x, y, width: 1)[0]
  }

  /// The value and the derivatives that the result has.
  func tangents(_ x: Double, _ y: Double) throws -> [Double] {
    try run(
      compiled, x, y, width: compiled.source.functions[Int(function.index)].results.count)
  }
}

import BorelBase
import BorelDistributions
import BorelIR

/// A local level model: a loop with a redrawn state, optional data and a tally.
package let nileText = """
  representations sampled
  report "level": real
  tally "roughness"
  model nile = @"model nile" -> real documentation "Annual flow.\\nTwo lines." {
    flow: [real?]
    sdLevel: real learnable lower open 0.0 default @"default sdLevel"
  }

  func @"model nile" -> (real) {
  bb0(%0.flow: [bool, real], %1.sdLevel: real):
    %2: real = const 1000.0
    %3: real = const 300.0
    %4.level: real = sample<real> Normal(%2, %3) site 1 "level" reported
    emit #0 %4
    %5: int = array.count %0
    %6: int = const 0
    jump bb1(%6, %4)
  bb1(%7.t: int, %8.level: real):
    %9: bool = less.int %7, %5
    branch %9, bb2, bb6
  bb2:
    %10: bool, %11.y: real = array.get<bool, real> %0, %7
    %12: bool = less.int %6, %7
    branch %12, bb3, bb4(%8)
  bb3:
    %13.level: real = sample<real> Normal(%8, %1) site 2 "level" reported loops(%7)
    jump bb4(%13)
  bb4(%14.level: real):
    observe<real> Normal(%14, %3) of %11 present %10 site 3 "flow" loops(%7)
    branch %12, bb5, bb7
  bb5:
    %15: real = subtract.real %14, %8
    %16: real = multiply.real %15, %15
    tally #0 %16
    jump bb7
  bb6:
    return %8
  bb7:
    %17: int = const 1
    %18: int = add.int %7, %17
    jump bb1(%18, %14)
  }

  func @"default sdLevel" -> (real) {
  bb0:
    %0: real = const 40.0
    return %0
  }
  """

/// Every operation and terminator once; well-typed.
package let everythingText = """
  representations sampled weighted sequential enumerated
  enumeration Tree { leaf(real), node(enum 0, enum 0), "odd case" }
  report "r": {a: real, b: (int, bool?)}
  tally "s"
  model m = @m -> unit {
    data: [[real]]
  }
  script @script

  func @m -> () {
  bb0(%0: [[real]]):
    %1: int = const -3
    %2: real = const -inf
    %3: bool = const true
    %4: string = const "a\\"b\\\\c\\n\\u{7}é"
    %5: enum 0 = const null
    %6: [real] = array.make<real> %2, %2
    %7: [real] = array.fill<real> %1, %2
    %8: int = array.count %7
    %9: [real] = array.get<[real]> %0, %1
    %10: [real] = array.set<real> %9, %1, %2
    %11: [real] = array.append<real> %10, %2
    %12: [real] = array.concat<real> %11, %10
    %13: [real] = array.slice<real> %12, %1, %8
    %14: enum 0 = box.make<real> tag 0 %2
    %15: enum 0 = box.make<enum 0, enum 0> tag 1 %14, %5
    %16: int = box.tag %15
    %17: enum 0 = box.fields<enum 0> tag 1 first 1 %15
    %18: (int) -> (int) = closure<real> @"closure m.1" %2
    %19: distribution<real> = distribution<real> Normal(%2, %2)
    %20: real = logdensity<real> %19, %2
    %21: bool = equal<enum 0> %14, %15
    %22: model<> = model<[[real]]> @m %0
    %23: real = sample<real> Normal(%2, %20) site 1
    %24: real = sample<real> dynamic(%19) site 2 "x" reported plate loops(%1, %8)
    score<real> Normal(%2, %20) of %23 site 3 "y"
    %25: real = score<real> dynamic(%19) of %23 present %3 site 4 "y" loops(%1)
    factor %25
    require %21
    tally #0 %25
    emit #0 %2, %1, %3, %21 loops(%8)
    print<string> %4
    %33: string = describe<(real, int)> %2, %1
    %34: real, %35: int = decode<(real, int)> %1
    debug<(real, int)> %2, %1
    fail "no"
    %26: int = memo.make
    %27: bool, %28: real = memo.find<int><real> %26, %1
    memo.store<int><real> %26, %1, %28
    %29: posterior<> = infer<> "smc(particles: 10)" %22
    %30: real = host<real> "growth" %2
    %31: [] = array.make<>
    %32: real = exp.real %30
    jump bb1(%32)
  bb1(%36: real):
    call @"closure m.1"(%1, %36) -> bb2(%36)
  bb2(%37: int, %38: real):
    apply %18(%37) -> bb3
  bb3(%39: int):
    checkpoint #0 -> bb4
  bb4:
    fork<bool> Bernoulli(%38) site 5 "k" loops(%39) -> bb5(%38)
  bb5(%40: bool, %41: real):
    branch %40, bb6, bb7
  bb6:
    return
  bb7:
    tailcall @m(%0)
  }

  func @"closure m.1" -> (int) {
  unused %5: (real) -> ([int])
  bb0(%0: int, %1: real):
    %2: int = const 9223372036854775807
    %3: real = const 1e-300
    %4: real = const 0.1
    return %0
  }

  func @script -> () {
  bb0:
    return
  }
  """

package let testSignatures: SignatureSource = {
  var source = SignatureSource.registries
  let registered = source.family
  source.family = { name in
    if let found = registered(name) { return found }
    func parameter(_ name: String) -> Parametrisation.Parameter {
      Parametrisation.Parameter(name, .real, .finite, "")
    }
    switch name {
    case "Normal":
      return FamilySignature(
        name: name, summary: "",
        parametrisations: [Parametrisation([parameter("mean"), parameter("sd")])], value: .real,
        support: .real, baseMeasure: .lebesgue, source: "")
    case "Bernoulli":
      return FamilySignature(
        name: name, summary: "", parametrisations: [Parametrisation([parameter("probability")])],
        value: .bool, support: .booleans, baseMeasure: .counting, source: "")
    default: return nil
    }
  }
  let isFinite = source.isFinite
  source.isFinite = { $0 == "Bernoulli" || isFinite($0) }
  return source
}()

/// Parses text that a test expects to be right.
///
/// - Throws: `InterpreterError` with line and column of the first error.
package func parsed(_ text: String) throws -> Program {
  switch parseIR(text) {
  case .success(let program): return program
  case .failure(let diagnostics):
    let file = SourceFile(name: "test", text: text)
    let list = diagnostics.list.map { diagnostic in
      let (line, column) = file.position(of: Int(diagnostic.span.start))
      return "\(line):\(column): \(diagnostic.message)"
    }
    throw InterpreterError(message: list.joined(separator: "\n"))
  }
}

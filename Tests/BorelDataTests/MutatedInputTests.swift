import BorelBase
import BorelData
import BorelIR
import Testing

/// Inputs made from well-formed ones by random changes of their bytes: each gives a value or
/// diagnostics, never a trap.
@Suite struct MutatedInputTests {
  static let seeds = [
    #"{"y": [1, null, 2.5e3], "r": [{"a": 1, "b": "x\u00e9"}], "m": [[1, 2], [3, 4]], "n": -7}"#,
    "a,b\r\n1,\"x \"\"y\"\"\"\r\n2,z\n",
    "y;n\n1;2\n;3\n",
  ]
  static let model = ModelInfo(
    name: "m", function: FunctionID(0),
    parameters: [
      ("y", .array(.optional(.real))),
      ("r", .array(.record([Shape.Field("a", .int), Shape.Field("b", .string)]))),
      ("m", .matrix), ("n", .int),
    ].map { ModelInfo.Parameter(name: $0, shape: $1, span: .none) },
    result: .unit, span: .none)

  /// A small generator (xorshift64), so that the inputs are the same everywhere.
  struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  static func mutated(_ text: String, using generator: inout Generator) -> String {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      let place = Int.random(in: 0...bytes.count, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0 where place < bytes.count: bytes.remove(at: place)
      case 1:
        let alphabet = Array("{}[],:\"\\0123456789eE+-.nulltrue \n\r\t\u{FEFF};é".utf8)
        bytes.insert(alphabet.randomElement(using: &generator) ?? 0, at: place)
      case 2 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      default: bytes.append(contentsOf: bytes[place...])
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func mutatedInputsGiveValuesOrDiagnostics() {
    var generator = Generator(state: 88_172_645_463_325_252)
    var accepted = 0
    var refused = 0
    for index in 0..<2_000 {
      let text = Self.mutated(Self.seeds[index % Self.seeds.count], using: &generator)
      let format: DataSet.Format = index % 3 == 0 ? .json : .csv
      do {
        var data = DataSet()
        try data.add(SourceFile(name: "data", text: text), format: format)
        _ = try data.bind(to: Self.model, enumerations: [])
        accepted += 1
      } catch {
        #expect(!error.list.isEmpty)
        for problem in error.list {
          #expect(problem.code.hasPrefix("E04"))
          #expect(!problem.message.isEmpty)
          #expect(Int(problem.span.end) <= text.utf8.count || problem.span.isNone)
        }
        refused += 1
      }
    }
    #expect(refused > 500)
    #expect(accepted + refused == 2_000)
  }
}

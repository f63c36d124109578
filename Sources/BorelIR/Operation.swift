import BorelBase

/// An SSA value: a number within its function.
package struct ValueID: Hashable, Sendable, Comparable {
  package var index: Int32
  package init(_ index: Int) { self.index = Int32(index) }
  package static func < (a: ValueID, b: ValueID) -> Bool { a.index < b.index }
}

package struct BlockID: Hashable, Sendable {
  package var index: Int32
  package init(_ index: Int) { self.index = Int32(index) }
}

package struct FunctionID: Hashable, Sendable {
  package var index: Int32
  package init(_ index: Int) { self.index = Int32(index) }
}

/// Where a choice or a score stands: a static site, its name, and how it was written. The dynamic
/// part of an address (loop counters, call path) comes from the operands `loops` of the
/// instruction and from the frames (semantics, 1.13).
package struct Site: Hashable, Sendable {
  /// Unique in the program; stable under edits that do not touch the function.
  package var number: Int
  /// The name of the latent or the data argument; nil for an anonymous `sample`.
  package var name: String?
  /// Whether `~` named it, so that the value is reported.
  package var isReported: Bool
  /// Inside the loop that a plate was lowered to: `Sequential` puts its checkpoint after the loop.
  package var isPlate: Bool
  /// The standard deviation of the random walk that `with Drift(...)` suggests.
  package var drift: Double?
  package init(
    number: Int, name: String?, isReported: Bool = false, isPlate: Bool = false,
    drift: Double? = nil
  ) {
    self.number = number
    self.name = name
    self.isReported = isReported
    self.isPlate = isPlate
    self.drift = drift
  }

  /// How people are told of the site: `'level'`, or its number when it has no name.
  package var label: String { name.map { "'\($0)'" } ?? "site \(number)" }
}

package enum Constant: Hashable, Sendable {
  case real(Double)
  case int(Int64)
  case bool(Bool)
  case string(String)
  /// The null handle: the payload of an absent optional.
  case null
}

/// What an instruction does. Operands and results are in `Instruction`; each case says which.
package enum Operation: Hashable, Sendable {
  // Pure.
  /// () -> word
  case constant(Constant)
  /// The operands and result of the primitive with this name.
  case primitive(String)
  /// (words of element 0, of element 1, ...) -> array
  case arrayMake([IRType])
  /// (count, words of the element) -> array with every element the same. Fails on negative counts.
  case arrayFill([IRType])
  /// (array) -> int
  case arrayCount
  /// (array, index) -> words. Fails out of range.
  case arrayGet([IRType])
  /// (array, index, words) -> array. Fails out of range.
  case arraySet([IRType])
  /// (array, words) -> array
  case arrayAppend([IRType])
  /// (array, array) -> array
  case arrayConcat([IRType])
  /// (array, from, to) -> array of the half-open range. Fails out of range.
  case arraySlice([IRType])
  /// (fields) -> box with a tag. The layout of the fields.
  case boxMake(tag: Int, [IRType])
  /// (box) -> int
  case boxTag
  /// (box) -> the words of fields `first ..< first + types.count`; zero words when the tag differs.
  case boxFields(tag: Int, first: Int, [IRType])
  /// (captured words) -> closure of a function whose last parameters are the captures.
  case closureMake(FunctionID, [IRType])
  /// (parameters of the family's first parametrisation) -> distribution
  case distributionMake(family: String, [IRType])
  /// (distribution, value words) -> real
  case logDensity([IRType])
  /// (words, words) -> bool: structural equality.
  case equal([IRType])
  /// (value) -> tangent of the value, zero everywhere: as large as the value. The type is that of
  /// the result (`TangentTypes`). Total.
  case zeroTangent
  /// (parameters' tangents) -> tangent of a distribution value: as `distributionMake`, with zeros
  /// and null handles where a parameter does not change. Total.
  case distributionTangent(family: String, [IRType])
  /// (parameters, value words, per direction the tangents of the wanted words) -> real per
  /// direction: the derivative of the log-density along changes of parameters and value. Words
  /// are wanted by position, parameters first. Total: NaN where there is no density.
  case densityTangent(
    family: String?, parameterCount: Int, [IRType], wanted: [Int], directionCount: Int)
  /// (parameters, value words, tangents of the wanted words, again along a second direction)
  /// -> real: the second derivative of the log-density along both. Total.
  case densityCurvature(family: String?, parameterCount: Int, [IRType], wanted: [Int])
  /// (model arguments) -> model: function to run, and how its parts are named.
  case modelMake(FunctionID, [IRType])

  // Effects.
  /// (parameters of a distribution, loop counters) -> value words. `distribution` sources are
  /// folded in by the lowering when they are direct: `family` is nil when operand 0 is a
  /// distribution value.
  case sample(family: String?, Site, parameterCount: Int, [IRType])
  /// (parameters, present flag when `isOptional`, value words, loop counters) -> value words or
  /// nothing when they are unused: the datum, or a draw where it is missing. A missing datum whose
  /// value is unused is marginalised. What scoring means is the transform's business.
  case observe(family: String?, Site, parameterCount: Int, [IRType], isOptional: Bool)
  /// `observe` after `Weighted`: adds the log-density of a datum that is present to the weight.
  case score(family: String?, Site, parameterCount: Int, [IRType], isOptional: Bool)
  /// (log-weight) -> ()
  case factor
  /// (bool) -> (): a lane where it is false gets weight zero.
  case require
  /// (value) -> (), by the number of the tally.
  case tally(Int)
  /// (value words, loop counters) -> (): a named value that is reported, by number in
  /// `Program.reports`.
  case emit(Int, loopCount: Int)
  /// (value words) -> (): prints a line. The shape is a tuple of what `print` was given: the parts
  /// are joined by blanks.
  case print(Shape)
  /// (value words) -> string: the text that `print` shows. Pure and total.
  case describe(Shape)
  /// (number of a document of the host) -> value words of the shape. Fails where the document does
  /// not fit.
  case decode(Shape)
  /// (words) -> (): prints lane 0 to the log.
  case debug(Shape)
  /// () or (string) -> (): stops the run with the message, followed by the string if there is one.
  case fail(String)
  /// () -> int: the number of a new memo table of this lane.
  case memoMake
  /// (table, key words) -> (): the choices up to `memoStore` belong to this entry of the table,
  /// whoever asked for it first: their address is where the table was made and the key.
  case memoEnter(key: [IRType])
  /// (table, key words) -> bool, value words (zero when absent).
  case memoFind(key: [IRType], value: [IRType])
  /// (table, key words, value words) -> ()
  case memoStore(key: [IRType], value: [IRType])
  /// (model) -> posterior, by a method text; or bool and posterior, false where the evidence is
  /// zero (`inferOrNil`).
  case infer(method: String, [IRType])
  /// A function of the host by name: (words) -> words. Pure unless it says otherwise.
  case host(String, [IRType])
}

extension Operation {
  /// Whether it may be removed when unused and moved freely.
  package var isPure: Bool {
    switch self {
    case .sample, .observe, .score, .factor, .require, .tally, .emit, .print, .debug, .fail,
      .memoMake, .memoEnter, .memoFind, .memoStore, .infer, .host, .decode:
      false
    default: true
    }
  }

  /// Whether it never fails. Primitives are told apart by their table.
  package var isTotal: Bool {
    switch self {
    case .zeroTangent, .distributionTangent, .densityTangent, .densityCurvature, .constant: true
    default: false
    }
  }
}

import BorelBase
import BorelIR
import BorelPrimitives

/// Runs the optimising passes.
///
/// - Parameter keepsNumbers: Whether functions stay that nothing in the program refers to, so that
///   values made by another version of it still mean the same functions.
package func optimise(_ program: inout Program, keepsNumbers: Bool = false) {
  let dead = DeadCodeRemoval { $0.isTotal }
  let selections = IfConversion { $0.isSpeculable }
  func tidy(_ function: inout Function) {
    BlockMerging.run(&function)
    ParameterRemoval.run(&function)
    simplify(&function)
    while selections.run(&function) { simplify(&function) }
  }
  func simplify(_ function: inout Function) {
    ConstantFolding.run(&function)
    LocalValueNumbering.run(&function)
    dead.run(&function)
    BlockMerging.run(&function)
    ParameterRemoval.run(&function)
  }
  for index in program.functions.indices { tidy(&program.functions[index]) }
  Inlining.run(&program, tidy: tidy)
  if !keepsNumbers { program.removeUnusedFunctions() }
}

extension Operation {
  /// Whether the operation has no effect and cannot fail.
  var isTotal: Bool {
    switch self {
    case .primitive(let name): PrimitiveRegistry.named(name)?.isTotal == true
    case .constant, .arrayMake, .arrayCount, .arrayAppend, .arrayConcat, .boxMake, .boxTag,
      .boxFields, .closureMake, .distributionMake, .equal, .modelMake, .describe:
      true
    default: false
    }
  }

  /// Whether the operation is so cheap that it may run where the program would not run it.
  var isSpeculable: Bool {
    switch self {
    case .primitive(let name):
      PrimitiveRegistry.named(name).map { primitive in
        primitive.isTotal && !primitive.result.isHandle
          && primitive.parameters.allSatisfy { !$0.isHandle }
      } == true
    case .constant, .arrayCount: true
    default: false
    }
  }
}

extension WordType {
  /// Whether operations on the word may take long.
  var isHandle: Bool {
    switch self {
    case .real, .int, .bool: false
    case .string, .realArray, .intArray, .boolArray, .matrix: true
    }
  }
}

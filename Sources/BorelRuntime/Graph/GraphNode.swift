import BorelBase
import BorelHeap
import BorelIR
import BorelKernels

/// One operation of a graph over all chains.
struct GraphNode {
  enum Kind {
    /// A C kernel with at most three operands and one result.
    case kernel(borel_kernel)
    case column(ColumnFunction)
    /// (index, words of element 0, of element 1, ...) -> words of the element. Fails out of range.
    case element(stride: Int)
    /// Objects from words: (words) -> handle.
    case makeArray(stride: Int, pointerMask: UInt64)
    case makeBox(tag: Int, pointerMask: UInt64)
    /// The log-density of a choice or of a datum: (parameters, value words) -> real.
    case density(DistributionUse)
    /// (real) -> real
    case factor
    /// (bool) -> real: 0, or `-infinity` where it is false.
    case require
  }
  var kind: Kind
  /// Positions in the graph's lists of operands and results.
  var operands: Range<Int>
  var results: Range<Int>
  var place: Place
  /// Whether no density reads its results: run only when outputs are read.
  var isLazy = false

  /// Whether its result is a term of the log-density.
  var isTerm: Bool {
    switch kind {
    case .density, .factor, .require: true
    default: false
    }
  }
}

/// A random choice of a graph.
package struct GraphChoice {
  /// The static site.
  package let site: Site
  /// Number of its address in the store that the recording filled.
  package let instance: Int32
  package let layout: [IRType]
  package let span: Span
  let use: DistributionUse
  let parameters: [GraphValueID]
  let values: [GraphValueID]
  /// The node of its log-density.
  let node: Int
}

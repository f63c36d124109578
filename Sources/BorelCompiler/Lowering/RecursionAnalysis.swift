import BorelBase

/// Which functions can call each other in a circle: only their tail calls reuse the frame, so that
/// the call path of an address is kept for all others (semantics, 1.9 and 1.13).
struct RecursionAnalysis {
  /// Functions with the same number call each other.
  private var component: [Int]
  private var isRecursive: [Bool]

  init(_ checked: CheckedProgram) {
    let callees = checked.functions.map { function in
      var walker = CalleeWalker()
      walker.visit(function.body)
      return walker.callees.map(\.index)
    }
    component = Array(repeating: -1, count: callees.count)
    isRecursive = Array(repeating: false, count: callees.count)
    findComponents(callees)
    for (index, list) in callees.enumerated() {
      isRecursive[index] = list.contains { component[$0] == component[index] }
    }
  }

  func isRecursiveCall(from caller: TypedFunctionID, to callee: TypedFunctionID) -> Bool {
    isRecursive[callee.index] && component[caller.index] == component[callee.index]
  }

  /// Tarjan's strongly connected components, with an explicit stack.
  private mutating func findComponents(_ callees: [[Int]]) {
    var order = Array(repeating: -1, count: callees.count)
    var low = order
    var onStack = Array(repeating: false, count: callees.count)
    var stack: [Int] = []
    var next = 0
    for root in callees.indices where order[root] < 0 {
      var work = [(root, 0)]
      while let (node, position) = work.last {
        if position == 0 {
          order[node] = next
          low[node] = next
          next += 1
          stack.append(node)
          onStack[node] = true
        }
        if position < callees[node].count {
          work[work.count - 1].1 += 1
          let callee = callees[node][position]
          if order[callee] < 0 {
            work.append((callee, 0))
          } else if onStack[callee] {
            low[node] = min(low[node], order[callee])
          }
          continue
        }
        work.removeLast()
        if let (parent, _) = work.last { low[parent] = min(low[parent], low[node]) }
        if low[node] == order[node] {
          while let member = stack.popLast() {
            onStack[member] = false
            component[member] = node
            if member == node { break }
          }
        }
      }
    }
  }
}

/// Collects the functions that are called by name and the models that may run in place.
private struct CalleeWalker: TypedTreeVisitor {
  var callees: [TypedFunctionID] = []
  mutating func visit(_ expression: TypedExpression) {
    switch expression.kind {
    case .call(let reference, _), .model(let reference, _): callees.append(reference.id)
    default: break
    }
    visitChildren(of: expression)
  }
}

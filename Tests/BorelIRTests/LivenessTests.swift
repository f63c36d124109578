import BorelIR
import BorelIRTestSupport
import Testing

@Suite struct LivenessTests {
  private func values(_ numbers: Int...) -> [ValueID] { numbers.map { ValueID($0) } }

  @Test func loopCarriesStateDataAndConstants() throws {
    let function = try parsed(nileText).functions[0]
    let liveness = LivenessAnalysis(function)
    #expect(liveness.liveIn[0].isEmpty)
    #expect(liveness.liveIn[1].values == values(0, 1, 3, 5, 6))
    #expect(liveness.liveIn[2].values == values(0, 1, 3, 5, 6, 7, 8))
    #expect(liveness.liveIn[6].values == values(8))
    #expect(liveness.liveAcross[0].values == values(0, 1, 3, 4, 5, 6))
  }

  @Test func continuationKeepsArgumentsButNotTheArrivingWords() throws {
    let function = try parsed(everythingText).functions[0]
    let liveness = LivenessAnalysis(function)
    #expect(liveness.liveAcross[1].values == values(0, 18, 36))
    #expect(liveness.liveAcross[2].values == values(0, 38))
    #expect(liveness.liveAcross[3].values == values(0, 38, 39))
    #expect(liveness.liveAcross[4].values == values(0, 38))
    #expect(liveness.unreadParameters[5] == values(41))
  }

  @Test func lastReadsAndUnreadResultsAreReleased() throws {
    let function = try parsed(nileText).functions[0]
    let liveness = LivenessAnalysis(function)
    #expect(liveness.released[0][2] == values(2))
    #expect(liveness.released[5] == [values(8), values(15), values(16), []])
    #expect(liveness.liveAfter(5, 0).values == values(0, 1, 3, 5, 6, 7, 14, 15))
    #expect(liveness.liveAfter(5, -1).values == values(0, 1, 3, 5, 6, 7, 8, 14))
  }

  /// Reads the definition: a value is live at a block's start when a path reads it.
  @Test(arguments: [nileText, everythingText])
  func agreesWithTheDefinitionOnPaths(text: String) throws {
    for function in try parsed(text).functions {
      let flow = ControlFlow(function)
      let liveness = LivenessAnalysis(function, controlFlow: flow)
      for value in function.valueTypes.indices {
        for block in flow.reversePostorder {
          let expected = isLive(ValueID(value), at: block, in: function, flow)
          #expect(liveness.liveIn[block].contains(value) == expected, "%\(value) bb\(block)")
        }
      }
    }
  }

  private func isLive(
    _ value: ValueID, at start: Int, in function: Function, _ flow: ControlFlow
  ) -> Bool {
    var visited: Set<Int> = []
    var stack = [start]
    while let index = stack.popLast() {
      guard visited.insert(index).inserted else { continue }
      let block = function.blocks[index]
      if block.parameters.contains(value) { continue }
      var isKilled = false
      for instruction in block.instructions where !isKilled {
        if instruction.operands.contains(value) { return true }
        isKilled = instruction.results.contains(value)
      }
      if isKilled { continue }
      let reads = block.terminator.operands + block.terminator.targets.flatMap(\.arguments)
      if reads.contains(value) { return true }
      stack += flow.successors[index]
    }
    return false
  }
}

import BorelBase
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime
import BorelTransforms

/// A model with its arguments, ready to be run under a transform: what all algorithms share.
struct ModelRun {
  let program: Program
  let compiled: CompiledProgram
  let model: ModelInfo
  /// Register words of the arguments; objects live in `dataArena` and are never moved.
  let arguments: [UInt64]
  let dataArena: Arena
  let host: InferenceHost
  var options: MachineOptions

  /// A machine for groups of lanes, whose streams are children of `key`.
  func makeMachine(key: UInt64, groups: Int, lanesPerGroup: Int) -> Machine {
    makeMachine(groupKeys: groupKeys(key, count: groups), lanesPerGroup: lanesPerGroup)
  }

  func makeMachine(groupKeys: [UInt64], lanesPerGroup: Int) -> Machine {
    Machine(
      program: compiled, groupKeys: groupKeys, lanesPerGroup: lanesPerGroup, options: options,
      host: host)
  }

  /// The keys of groups, children of the key of a run.
  func groupKeys(_ key: UInt64, count: Int) -> [UInt64] {
    (0..<count).map { borel_key_child(key, UInt32(BOREL_KEY_GROUP), UInt64($0)) }
  }

  /// A machine that stands at the start of the model.
  func startedMachine(key: UInt64, groups: Int, lanesPerGroup: Int) -> Machine {
    let machine = makeMachine(key: key, groups: groups, lanesPerGroup: lanesPerGroup)
    host.engine.progress?.expect(of: machine) { pilot() }
    machine.start(function: model.function, arguments: arguments)
    return machine
  }

  /// The random choices of a driver for one purpose.
  ///
  /// - Parameters:
  ///   - key: Key of the group or run.
  ///   - kind: One of the `BOREL_KEY_...` kinds.
  ///   - index: Step, sweep or move.
  func driverChoices(key: UInt64, kind: Int, index: UInt64) -> any DriverChoices {
    if let answers = options.choices { return AnsweredChoices(answers) }
    return DriverStream(key: key, kind: kind, index: index)
  }

  /// Lane-steps that one lane takes, from a few lanes that run to the end; nil when these fail or
  /// take long.
  private func pilot() -> Double? {
    let lanes = 8
    var limited = self
    limited.options.keepsReports = false
    limited.options.choices = nil
    limited.options.threads = 1
    limited.options.limits.laneSteps = 2_000_000
    limited.options.limits.deadline = ContinuousClock.now + .milliseconds(300)
    let machine = limited.makeMachine(key: 0, groups: 1, lanesPerGroup: lanes)
    machine.start(function: model.function, arguments: arguments)
    do {
      while true {
        try machine.advance()
        if machine.isFinished { return Double(machine.laneSteps) / Double(lanes) }
        // Executions that wait to be forked do not go on by themselves.
        if machine.isAtFork { return nil }
        try machine.checkTime()
        try machine.beginGeneration()
      }
    } catch {
      return nil
    }
  }

  var resultWidth: Int { model.result.layout(program.enumerations).count }

  /// Variables of the lanes that have returned: reports, then the result.
  func variables(_ machine: Machine, _ history: History) -> [Variable] {
    let (columns, present) = machine.results(width: resultWidth)
    return PathReader.variables(history, program: program, laneCount: machine.laneCount)
      + PathReader.resultVariables(model.result, columns, present: present, program: program)
  }
}

import BorelBase
import BorelInference

/// The engine behind the public types: every call into it is here.
package enum Engine {
  package static func infer(
    _ request: InferenceRequest
  ) throws(Diagnostics) -> BorelInference.Posterior {
    try BorelInference.infer(request)
  }

  package static func simulate(
    _ request: InferenceRequest, draws: Int
  ) throws(Diagnostics) -> BorelInference.Posterior {
    try BorelInference.simulate(request, count: draws)
  }

  package static func plan(_ request: InferenceRequest) throws(Diagnostics) -> PlanReport {
    try BorelInference.plan(request)
  }

  package static func runScript(
    _ program: Program, host: ScriptHost, seed: UInt64, threads: Int, limits: RunLimits
  ) throws(Diagnostics) {
    try BorelInference.runScript(
      program.code, host: host, seed: seed, threads: threads, limits: limits)
  }
}

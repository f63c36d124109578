import BorelBase
import BorelData
import BorelInference

/// The engine behind the public types: every call into it is here.
package enum Engine {
  package static func infer(
    _ request: InferenceRequest
  ) throws(Diagnostics) -> BorelInference.Posterior {
    try BorelInference.infer(request)
  }

  package static func predict(
    _ request: InferenceRequest, from fit: BorelInference.Posterior
  ) throws(Diagnostics) -> BorelInference.Posterior {
    try BorelInference.predict(request, from: fit)
  }

  package static func plan(_ request: InferenceRequest) throws(Diagnostics) -> PlanReport {
    try BorelInference.plan(request)
  }

  package static func runScript(
    _ program: Program, host: ScriptHost, documents: Documents?, seed: UInt64, threads: Int,
    limits: RunLimits
  ) throws(Diagnostics) {
    try BorelInference.runScript(
      program: program.code, host: host, documents: documents, seed: seed, threads: threads,
      limits: limits)
  }
}

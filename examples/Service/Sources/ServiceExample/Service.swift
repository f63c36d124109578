import Borel
import Hummingbird

/// The service: its page, posteriors of its models and of programs, and filters.
///
/// - Parameters:
///   - limits: What requests may use.
///   - address: Where it listens; port 0 takes a free one.
///   - onStart: Told the port that it listens on.
/// - Throws: `Diagnostics` when one of its models is wrong.
public func makeService(
  limits: ServiceLimits = ServiceLimits(), address: BindAddress = .hostname("127.0.0.1", port: 0),
  onStart: @escaping @Sendable (Int) -> Void = { _ in }
) throws -> some ApplicationProtocol {
  let models = try HostedModels()
  let admission = Admission(limit: limits.concurrentRequests)
  let router = Router()
  router.add(middleware: ProblemMiddleware())
  addPages(to: router)
  router.get("models") { _, _ in models.descriptions }
  PosteriorRoutes(models: models, limits: limits, admission: admission).add(to: router)
  FilterRoutes(models: models, limits: limits, admission: admission).add(to: router)
  return Application(
    router: router, configuration: ApplicationConfiguration(address: address),
    onServerRunning: { onStart($0.localAddress?.port ?? 0) })
}

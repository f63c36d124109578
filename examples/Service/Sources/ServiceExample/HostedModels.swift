import Borel
import Hummingbird

/// The models that the service has, by name, each with the method that suits it.
struct HostedModels: Sendable {
  struct Hosted: Sendable {
    let model: Model
    let method: Method
  }

  private let models: [String: Hosted]

  /// - Throws: `Diagnostics` when one of the programs is wrong.
  init() throws {
    models = [
      "conversion": Hosted(
        model: try Self.model(PackageResources.conversion_ppl, "conversion.ppl"),
        method: .mh(chains: 4, draws: 2_500, warmup: 500)),
      "river": Hosted(
        model: try Self.model(PackageResources.river_ppl, "river.ppl"),
        method: .smc(particles: 2_000, groups: 8)),
    ]
  }

  private static func model(_ text: [UInt8], _ name: String) throws -> Model {
    try Program(source: String(decoding: text, as: UTF8.self), name: name).model()
  }

  /// - Throws: 404 with the names that there are.
  func model(_ name: String) throws -> Hosted {
    guard let hosted = models[name] else {
      let names = models.keys.sorted().joined(separator: ", ")
      throw HTTPError(.notFound, message: "there is no model '\(name)'; there is \(names)")
    }
    return hosted
  }

  var descriptions: [ModelDescription] {
    models.sorted { $0.key < $1.key }.map { ModelDescription($0.value) }
  }
}

/// What a client has to know to use a model.
struct ModelDescription: ResponseEncodable {
  struct Parameter: Encodable {
    let name: String
    /// As the program writes it: `[Real?]`.
    let type: String
    let isOptional: Bool
  }

  let name: String
  let documentation: String
  let method: String
  let parameters: [Parameter]

  init(_ hosted: HostedModels.Hosted) {
    name = hosted.model.name
    documentation = hosted.model.documentation
    method = hosted.method.text
    parameters = hosted.model.parameters.map {
      Parameter(name: $0.name, type: $0.type, isOptional: $0.hasDefault)
    }
  }
}

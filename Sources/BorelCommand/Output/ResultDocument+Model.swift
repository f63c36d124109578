import Borel
import BorelData
import BorelInference
import BorelReport

extension ResultDocument {
  /// A result with the program and the data of its model.
  init(_ posterior: BorelInference.Posterior, of model: Model) {
    let arguments = (try? model.boundArguments()) ?? []
    self.init(
      posterior, program: model.source,
      data: arguments.map { ($0.name, $0.value.json) }, sources: model.sources)
  }
}

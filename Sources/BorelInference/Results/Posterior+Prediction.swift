extension Posterior {
  /// Keeps the predicted data and the result of a prediction: its latents are those of the fit.
  ///
  /// - Parameter parameters: Names of the parameters of the model.
  package mutating func removeLatents(parameters: [String]) {
    let parameters = Set(parameters)
    variables.removeAll { variable in
      !parameters.contains(variable.arrayName ?? variable.name)
        && !variable.name.hasPrefix("result")
    }
  }
}

extension MethodSignature {
  static let auto = MethodSignature(
    name: "auto",
    summary: """
      Chooses: exact enumeration where all choices are finite and few, a particle filter where \
      there are at least two aligned observations, otherwise importance sampling.
      """,
    options: [],
    source: "The rules go by counts, never by time, so that the choice is reproducible.")
}

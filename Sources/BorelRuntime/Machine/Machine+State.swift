extension Machine {
  /// Continues the random counters of another machine of the same run, before lanes are started.
  package func goOn(fromGeneration generation: UInt32) { self.generation = generation }
}

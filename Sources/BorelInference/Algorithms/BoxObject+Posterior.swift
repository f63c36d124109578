import BorelHeap

/// What stands behind a value of type `Posterior<T>`: all variables, for the members that need more
/// than the results. It goes when no value refers to it any more.
extension Resource {
  convenience init(_ posterior: Posterior) {
    let values = posterior.variables.reduce(posterior.logWeights.count) { $0 + $1.values.count }
    self.init(posterior, byteCount: values * 8)
  }
}

extension BoxObject {
  /// The posterior of a box; nil where there is none.
  var posterior: Posterior? { resource?.value as? Posterior }
}

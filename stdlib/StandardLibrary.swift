/// The texts of the standard library, embedded in the binary.
package enum StandardLibrary {
  /// Name and text of each file, sorted by name.
  package static let files: [(name: String, text: String)] = [
    ("list.ppl", PackageResources.list_ppl),
    ("numerics.ppl", PackageResources.numerics_ppl),
    ("partition.ppl", PackageResources.partition_ppl),
    ("random.ppl", PackageResources.random_ppl),
    ("search.ppl", PackageResources.search_ppl),
    ("statespace.ppl", PackageResources.statespace_ppl),
  ].map { ($0.0, String(decoding: $0.1, as: UTF8.self)) }
}

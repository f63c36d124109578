import BorelDistributions
import Foundation
import Testing

@Test func familiesAreSortedAndUnique() {
  let names = FamilyRegistry.families.map { $0.signature.name }
  #expect(names == names.sorted())
  #expect(Set(names).count == names.count)
  for (index, name) in names.enumerated() {
    #expect(FamilyRegistry.index(of: name) == index)
    #expect(FamilyRegistry.family(at: index).signature.name == name)
  }
  #expect(FamilyRegistry.index(of: "NoSuchFamily") == nil)
}

@Test func everyFamilyFileHasALineInTheRegistry() throws {
  var root = URL(fileURLWithPath: #filePath)
  for _ in 0..<3 { root.deleteLastPathComponent() }
  let sources = root.appendingPathComponent("Sources/BorelDistributions")
  let registered = Set(FamilyRegistry.families.map { $0.signature.name })
  var found: Set<String> = []
  for folder in ["Scalar", "Vector", "Combinators"] {
    let path = sources.appendingPathComponent(folder)
    let files = (try? FileManager.default.contentsOfDirectory(atPath: path.path)) ?? []
    for file in files where file.hasSuffix(".swift") {
      let text = try String(contentsOf: path.appendingPathComponent(file), encoding: .utf8)
      guard let call = text.range(of: "FamilySignature("),
        let start = text.range(of: "name: \"", range: call.upperBound..<text.endIndex)
      else { continue }
      let name = String(text[start.upperBound...].prefix { $0 != "\"" })
      found.insert(name)
      #expect(
        registered.contains(name), "\(folder)/\(file): '\(name).self' is not in FamilyRegistry")
    }
  }
  #expect(registered.subtracting(found).isEmpty, "registered without a file")
}

@Test func everyScalarFamilyHasALawCase() {
  let covered = Set(LawCase.all.map(\.family))
  for family in FamilyRegistry.families where family is any HasCumulative.Type {
    let signature = family.signature
    guard [.real, .int, .bool].contains(signature.value) else { continue }
    #expect(covered.contains(signature.name), "no LawCase for '\(signature.name)'")
  }
}

@Test func signaturesAreWellFormed() {
  for family in FamilyRegistry.families {
    let signature = family.signature
    let first = signature.parametrisations[0].parameters
    #expect(!signature.summary.isEmpty && !signature.source.isEmpty)
    #expect(first.count <= LaneBuffer.capacity)
    var labels: Set<Set<String>> = []
    for parametrisation in signature.parametrisations {
      #expect(parametrisation.parameters.count == first.count, "\(signature.name)")
      let names = Set(parametrisation.parameters.map(\.name))
      #expect(names.count == first.count, "\(signature.name) repeats a label")
      #expect(labels.insert(names).inserted, "\(signature.name) has two equal parametrisations")
    }
    for parameter in first { #expect(parameter.conversion == .identity, "\(signature.name)") }
  }
}

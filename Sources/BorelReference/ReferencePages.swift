import BorelDistributions
import BorelInference
import BorelPrimitives

/// A reference page, from the registries.
package struct ReferencePage: Sendable {
  package enum Section: String, CaseIterable, Sendable {
    case distribution = "Distributions"
    case function = "Functions"
    case method = "Inference methods"
    case kernel = "Kernels"
  }
  package var name: String
  package var section: Section
  /// One sentence.
  package var summary: String
  package var text: String
}

package enum ReferencePages {
  /// All pages, by section and name; a name may have several in a section.
  package static let all: [ReferencePage] = {
    let functions =
      PrimitiveRegistry.languageNames.map { page(function: $0) } + BuiltinPages.functions
      + LibraryPages.all
    let distributions =
      FamilyRegistry.families.filter { $0.signature.name != "Posterior" }
      .map { page($0.signature) } + BuiltinPages.distributions
    return distributions.sorted { $0.name < $1.name }
      + functions.sorted { $0.name < $1.name }
      + MethodRegistry.methods.map { page($0, .method) }
      + KernelRegistry.kernels.map { page($0, .kernel) }
  }()

  /// What there is under a name.
  package static func named(_ name: String) -> [ReferencePage] { all.filter { $0.name == name } }

  /// The names of all pages with the first sentence of their summaries.
  package static func index(_ pages: [ReferencePage]) -> String {
    var blocks: [String] = []
    for section in ReferencePage.Section.allCases {
      let members = pages.filter { $0.section == section }
      guard !members.isEmpty else { continue }
      let width = members.map(\.name.count).max() ?? 0
      var text = section.rawValue + "\n"
      for page in members {
        let padding = String(repeating: " ", count: width - page.name.count)
        text += "  \(page.name)\(padding)  \(firstSentence(page.summary))\n"
      }
      blocks.append(text)
    }
    return blocks.joined(separator: "\n")
  }

  /// Up to the first full stop that ends a sentence.
  private static func firstSentence(_ text: String) -> String {
    text.firstRange(of: ". ").map { String(text[..<$0.lowerBound]) + "." } ?? text
  }

  private static func page(_ signature: FamilySignature) -> ReferencePage {
    var text = signature.summary + "\n"
    for parametrisation in signature.parametrisations {
      let parameters = parametrisation.parameters.map { parameter in
        parameter.name + ": " + parameter.kind.text
          + (parameter.defaultValue.map { " = " + Domain.number($0) } ?? "")
      }
      text += "\n\(signature.name)(\(parameters.joined(separator: ", ")))\n"
      for parameter in parametrisation.parameters {
        let summary =
          parameter.summary.hasSuffix(".")
          ? String(parameter.summary.dropLast()) : parameter.summary
        text += "  \(parameter.name): \(summary) (\(parameter.domain.text))\n"
      }
    }
    if let condition = signature.jointCondition { text += "\n\(condition)\n" }
    if signature.requiresLabels { text += "\nThe parameters must be labelled.\n" }
    text += "\nSource: \(signature.source)\n"
    return ReferencePage(
      name: signature.name, section: .distribution, summary: signature.summary, text: text)
  }

  private static func page(function name: String) -> ReferencePage {
    let overloads = PrimitiveRegistry.overloads(of: name)
    let text = overloads.map { primitive in
      let parameters = primitive.parameters.map(\.text).joined(separator: ", ")
      return "\(name)(\(parameters)) -> \(primitive.result.text)\n  \(primitive.summary)\n"
    }.joined(separator: "\n")
    return ReferencePage(
      name: name, section: .function, summary: overloads.first?.summary ?? "", text: text)
  }

  private static func page(
    _ signature: MethodSignature, _ section: ReferencePage.Section
  ) -> ReferencePage {
    var text = signature.summary + "\n\n\(signature.defaults.completeText)\n"
    for option in signature.options {
      text += "  \(option.name): \(option.summary) (\(option.kind.text))\n"
    }
    text += "\nSource: \(signature.source)\n"
    return ReferencePage(
      name: signature.name, section: section, summary: signature.summary, text: text)
  }
}

extension ParameterKind {
  /// As programs write the type.
  fileprivate var text: String {
    switch self {
    case .real: "Real"
    case .int: "Int"
    case .bool: "Bool"
    case .realArray: "[Real]"
    case .intArray: "[Int]"
    case .matrix: "Matrix"
    case .distribution: "Dist<T>"
    case .distributionArray: "[Dist<T>]"
    case .value: "T"
    case .valueArray: "[T]"
    }
  }
}

extension WordType {
  /// As programs write the type.
  fileprivate var text: String {
    switch self {
    case .real: "Real"
    case .int: "Int"
    case .bool: "Bool"
    case .string: "String"
    case .realArray: "[Real]"
    case .intArray: "[Int]"
    case .boolArray: "[Bool]"
    case .matrix: "Matrix"
    }
  }
}

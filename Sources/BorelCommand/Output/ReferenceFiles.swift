import BorelBase
import BorelReference
import BorelReport

/// The pages of `docs/reference`, from the registries.
enum ReferenceFiles {
  /// Names of files with their contents.
  static var all: [(name: String, text: String)] {
    let pages = ReferencePages.all
    var files = ReferencePage.Section.allCases.map { section in
      (section.fileName, text(section, pages.filter { $0.section == section }))
    }
    files.append(("diagnostics.md", diagnostics))
    files.append(("README.md", index))
    return files
  }

  private static let notice =
    "Written by `make reference-pages` from the declarations in the source."

  private static func text(_ section: ReferencePage.Section, _ pages: [ReferencePage]) -> String {
    var text = "# \(section.rawValue)\n\n\(notice) `borel doc NAME` shows one entry.\n"
    for page in pages { text += "\n## \(page.name)\n\n```text\n\(page.text)```\n" }
    return text
  }

  private static var diagnostics: String {
    var text = """
      # Diagnostics

      \(notice) Errors have codes with E, warnings with W, notes with N. `borel doc E0502` shows one
      entry.

      """
    for section in DiagnosticCatalogue.sections {
      text += "\n## \(section.title)\n\n| Code | Meaning |\n|---|---|\n"
      for entry in section.entries { text += "| `\(entry.code)` | \(entry.summary) |\n" }
    }
    return text
  }

  private static var index: String {
    let sections = ReferencePage.Section.allCases.map { "- [\($0.rawValue)](\($0.fileName))\n" }
    return "# Reference\n\n\(notice)\n\n" + sections.joined()
      + "- [Diagnostics by code](diagnostics.md)\n"
  }
}

extension ReferencePage.Section {
  fileprivate var fileName: String {
    switch self {
    case .distribution: "distributions.md"
    case .function: "functions.md"
    case .method: "methods.md"
    case .kernel: "kernels.md"
    }
  }
}

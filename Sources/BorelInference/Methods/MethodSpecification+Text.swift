import BorelData

extension MethodSpecification {
  /// The method with the options that differ from their defaults, in the order of the registry.
  package var text: String { text(isComplete: false) }

  /// The method with all its options, in the order of the registry.
  package var completeText: String { text(isComplete: true) }

  private func text(isComplete: Bool) -> String {
    let signature = MethodRegistry.method(named: name) ?? KernelRegistry.kernel(named: name)
    let kernels = parts.map { $0.text(isComplete: isComplete) }
    let shown =
      kernels
      + (signature?.options ?? []).compactMap { option -> String? in
        let setting = options[option.name] ?? option.defaultValue
        guard isComplete || setting != option.defaultValue else { return nil }
        return "\(option.name): \(setting.text(isComplete: isComplete))"
      }
    return shown.isEmpty ? name : "\(name)(\(shown.joined(separator: ", ")))"
  }
}

extension MethodSpecification.Setting {
  /// As written in a method text.
  package var text: String { text(isComplete: false) }

  func text(isComplete: Bool) -> String {
    switch self {
    case .int(let value): String(value)
    case .real(let value): NumberText.exact(value)
    case .bool(let value): value ? "true" : "false"
    case .choice(let word): word
    case .kernel(let kernel): kernel.text(isComplete: isComplete)
    }
  }
}

import BorelBase
import BorelIR

/// The instructions that stopped lanes.
package struct Kill: Sendable {
  package var span: Span
  /// Name of the latent or datum; nil for `require` and `factor`.
  package var name: String?
  package var count: Int
  /// The value scored in the first lane that it stopped, and the family; nil for `require`.
  package var value: Value?
  package var family: String?
}

extension Machine {
  /// Which instructions made weights zero since the last call, most lanes first.
  package func takeKills() -> [Kill] {
    if kills.isEmpty { return [] }
    defer { kills.removeAll() }
    return describe(kills)
  }

  /// Which instructions failed in lanes that were rejected since the last call, most lanes first.
  package func takeRejections() -> [Kill] {
    defer { rejections.removeAll() }
    return describe(rejections)
  }

  private func describe(_ records: [KillSite: KillRecord]) -> [Kill] {
    let found = records.map { site, record -> Kill in
      let place = Place(
        function: Int(site.function), block: Int(site.block), instruction: Int(site.instruction))
      var kill = Kill(
        span: span(place), name: nil, count: record.count, value: nil, family: nil)
      let block = program.functions[place.function].blocks[place.block]
      guard place.instruction >= 0, place.instruction < block.instructionCount else { return kill }
      let code = block.instructions[place.instruction]
      if code.kind == .score || code.kind == .sample {
        let use = program.uses[code.payload]
        kill.name = use.site.name
        kill.family = use.name
        let first = use.parameterCount + (use.isOptional ? 1 : 0)
        if code.kind == .score, use.layout.count == 1, first < record.words.count {
          kill.value = scalar(record.words[first], use.layout[0])
        }
      }
      return kill
    }
    return found.sorted { ($0.count, $1.span.start) > ($1.count, $0.span.start) }
  }

  private func scalar(_ word: UInt64, _ type: IRType) -> Value? {
    switch type {
    case .real: .real(Double(bitPattern: word))
    case .int: .int(Int64(bitPattern: word))
    case .bool: .bool(word != 0)
    default: nil
    }
  }

  /// The number of the checkpoint at which all lanes that have not returned stand; nil when they
  /// stand at different ones.
  package var commonCheckpoint: Int? {
    var common: Int?
    for strand in suspended {
      guard case .checkpoint(let number) = strand.state else { continue }
      if let common, common != number { return nil }
      common = number
    }
    return common
  }
}

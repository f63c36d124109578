import BorelHeap

extension ChoiceStore {
  /// Writes all choices of all lanes.
  package func write(to writer: inout StateWriter) {
    writer.write(laneCount)
    writer.write(keepsParameters)
    writer.write(instances.count)
    for (number, instance) in instances.enumerated() {
      writer.write(instance.address)
      writer.write(instance.site)
      writer.write(instance.loops)
      writer.write(instance.parameterIsHandle)
      let columns = columns(number)
      for lane in 0..<laneCount { writer.write(columns.present[lane]) }
      for lane in 0..<laneCount where columns.present[lane] {
        writer.write(columns.logDensities[lane])
        for (k, type) in instance.layout.enumerated() {
          writer.write(columns.words[k * laneCount + lane], isHandle: type.isHandle)
        }
        if !keepsParameters { continue }
        for (k, isHandle) in instance.parameterIsHandle.enumerated() {
          writer.write(columns.parameters[k * laneCount + lane], isHandle: isHandle)
        }
      }
    }
  }

  /// Reads what a store of the same program and as many lanes has written, in place of what is
  /// here.
  ///
  /// - Parameter arena: Where objects are made.
  /// - Returns: The number that each instance has here, by the number it had.
  /// - Throws: `DamagedState`.
  package func read(
    from reader: inout StateReader, program: CompiledProgram, into arena: Arena
  ) throws -> [Int] {
    guard try reader.readInt() == laneCount, try reader.readBool() == keepsParameters else {
      throw DamagedState()
    }
    removeAll()
    let count = try reader.readCount()
    return try (0..<count).map { _ in
      let address = try reader.readWord()
      let site = try reader.readInt(in: 0..<program.uses.count)
      let loops = try reader.readInts()
      let use = program.uses[site]
      let parameterIsHandle = try reader.readBools()
      guard parameterIsHandle.count == (keepsParameters ? use.parameterCount : 0) else {
        throw DamagedState()
      }
      let number = add(
        ChoiceSchema.Instance(
          address: address, site: site, loops: loops, layout: use.layout,
          parameterIsHandle: parameterIsHandle))
      guard instances[number].site == site,
        instances[number].parameterIsHandle == parameterIsHandle
      else { throw DamagedState() }
      try readColumns(number, from: &reader, into: arena)
      return number
    }
  }

  private func readColumns(
    _ number: Int, from reader: inout StateReader, into arena: Arena
  ) throws {
    let instance = instances[number]
    let columns = columns(number)
    let present = try (0..<laneCount).map { _ in try reader.readBool() }
    for lane in 0..<laneCount where present[lane] {
      columns.logDensities[lane] = try reader.readDouble()
      for (k, type) in instance.layout.enumerated() {
        columns.words[k * laneCount + lane] = try reader.readWord(
          isHandle: type.isHandle, into: arena)
      }
      for (k, isHandle) in instance.parameterIsHandle.enumerated() {
        columns.parameters[k * laneCount + lane] = try reader.readWord(
          isHandle: isHandle, into: arena)
      }
      columns.present[lane] = true
    }
  }
}

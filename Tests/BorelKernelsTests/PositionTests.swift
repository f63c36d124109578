import BorelKernels
import Testing

let realKernelsOfInts: Set<String> = ["int_to_real"]
let wordKernels: Set<String> = ["select", "copy", "fill"]

/// Operands that suit a kernel: Int and Bool words for kernels on Ints and Bools, else reals.
func operandWords(_ name: String, count: Int, seed: UInt64) -> [UInt64] {
  var uniforms = [Double](repeating: 0, count: count)
  borel_fill_uniform_contiguous(Int64(count), &uniforms, seed, 0, 0, 0)
  return uniforms.map { u in
    if name.hasSuffix("_bool") { return u < 0.5 ? 0 : 1 }
    if name == "power_int" { return UInt64(u * 12) }
    if name.hasSuffix("_int") && !name.hasSuffix("to_int") || name == "int_to_real" {
      return UInt64(bitPattern: Int64(u * 2000) - 1000 | 1)
    }
    return (8 * u - (name == "lchoose" ? 0 : 2)).bitPattern
  }
}

func apply(
  _ kernel: borel_kernel, count: Int, _ operands: [[UInt64]], offset: Int, uniform: UInt32
) -> [UInt64] {
  var result = [UInt64](repeating: 0x5555, count: count)
  let failed = operands[0].withUnsafeBufferPointer { a in
    operands[1].withUnsafeBufferPointer { b in
      operands[2].withUnsafeBufferPointer { c in
        kernel(
          Int64(count), &result, a.baseAddress! + offset, b.baseAddress! + offset,
          c.baseAddress! + offset, uniform)
      }
    }
  }
  #expect(failed == -1)
  return result
}

/// Every kernel, for n from 1 to 70 and for all combinations of uniform operands, gives each
/// element the bits that it has alone. NaN payloads may differ.
func checkPositionIndependence() {
  for id in 0..<Int32(BOREL_KERNEL_COUNT.rawValue) {
    guard let kernel = borel_kernel_resolved(id), let text = borel_kernel_name(id) else { continue }
    let name = String(cString: text)
    let operands = (0..<3).map { operandWords(name, count: 80, seed: UInt64(id) * 3 + $0) }
    let alone = (0..<75).map { apply(kernel, count: 1, operands, offset: $0, uniform: 0)[0] }
    for count in 1...70 where name != "fill" {
      let offset = count % 5
      let column = apply(kernel, count: count, operands, offset: offset, uniform: 0)
      #expect(column == Array(alone[offset..<offset + count]), "\(name), n = \(count)")
    }
    for mask in UInt32(1)..<8 {
      let mixed = operands.enumerated().map { index, words in
        mask >> index & 1 == 0 ? words : [UInt64](repeating: words[0], count: words.count)
      }
      let expanded = apply(kernel, count: 21, mixed, offset: 0, uniform: name == "fill" ? 1 : 0)
      let uniform = apply(kernel, count: 21, operands, offset: 0, uniform: mask)
      if name != "fill" || mask & 1 != 0 { #expect(uniform == expanded, "\(name), mask \(mask)") }
    }
  }
}

func checkInPlace() {
  for name in ["exp", "add_real", "lgamma", "pow_real"] {
    guard let kernel = borel_kernel_named(name) else { continue }
    let a = operandWords(name, count: 37, seed: 1)
    let b = operandWords(name, count: 37, seed: 2)
    let expected = apply(kernel, count: 37, [a, b, a], offset: 0, uniform: 0)
    var inPlace = a
    inPlace.withUnsafeMutableBufferPointer { column in
      _ = kernel(37, column.baseAddress, column.baseAddress, b, nil, 0)
    }
    #expect(inPlace == expected, "\(name)")
  }
}

/// Everything that must hold at each level; run in a process of its own with that level pinned.
func checkLevel(_ level: Int) {
  guard borel_set_isa(Int32(level)) == 0 else { return }
  checkReferenceValues()
  checkEdges()
  checkPositionIndependence()
  checkInPlace()
  checkGeneratorsArePositionIndependent()
  checkDensities()
}

struct PositionTests {
  @Test func resultsDoNotDependOnPositionOrLength() { checkPositionIndependence() }
  @Test func destinationMayBeAnOperand() { checkInPlace() }

  @Test func lawsHoldAtTheBaseline() async {
    await #expect(processExitsWith: .success) { checkLevel(BOREL_ISA_BASE) }
  }

  @Test func lawsHoldAtV3() async {
    await #expect(processExitsWith: .success) { checkLevel(BOREL_ISA_X86_V3) }
  }

  @Test func unknownLevelsAreRefused() {
    #expect(borel_set_isa(17) == -1)
    #expect(borel_isa_name(17) == nil)
    #expect(borel_isa_name(borel_isa()) != nil)
  }
}

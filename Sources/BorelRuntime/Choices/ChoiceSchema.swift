import BorelHeap
import BorelIR

/// The addresses that stores have met, numbered. Stores that share a schema number them alike.
package final class ChoiceSchema {
  /// What is known of an address, the same in all lanes.
  package struct Instance {
    package let address: UInt64
    /// Number of the static choice: instances with the same number come from one instruction.
    package let site: Int
    /// Counters of the loops around it when it was first met: for messages only.
    package let loops: [Int64]
    /// Layout of the value.
    package let layout: [IRType]
    /// Which words of the parameters are handles; empty when parameters are not kept.
    package let parameterIsHandle: [Bool]
  }

  package private(set) var instances: [Instance] = []
  private var numbers: [UInt64: Int32] = [:]
  /// Instances of each static choice in the order of their addresses, which does not depend on
  /// which lane met them first.
  package private(set) var instancesOfSite: [Int: [Int]] = [:]

  package init() {}

  @inline(__always)
  func number(of address: UInt64) -> Int? { numbers[address].map { Int($0) } }

  func add(_ instance: Instance) -> Int {
    if let known = numbers[instance.address] { return Int(known) }
    let number = instances.count
    instances.append(instance)
    numbers[instance.address] = Int32(number)
    var members = instancesOfSite[instance.site] ?? []
    let place = members.firstIndex { instances[$0].address > instance.address } ?? members.count
    members.insert(number, at: place)
    instancesOfSite[instance.site] = members
    return number
  }
}

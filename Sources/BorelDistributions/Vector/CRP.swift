import BorelHeap
import BorelKernels

/// The Chinese restaurant process: the table of the next customer.
enum CRP: FiniteSupport, HasTangent {
  static let signature = FamilySignature(
    name: "CRP",
    summary: "The table of the next customer: one of those taken, or the number of tables for a "
      + "new one.",
    parametrisations: [
      Parametrisation([
        .init("tables", .intArray, .any, "Number of customers at each table; may be empty."),
        .init("alpha", .real, .positive, "Weight of a new table."),
      ])
    ],
    value: .int, support: .integers(from: 0, through: .countOfParameter(0)),
    baseMeasure: .counting, isElementwise: false,
    jointCondition: Seating.condition,
    source: "Aldous (1985), Exchangeability and related topics, section 11")

  static func violation(_ p: LaneWords) -> String? { Seating.violation(p) }

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    Seating(p, alpha: p.real(1), discount: 0).logProbability(of: value.int(0))
  }

  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    let seating = Seating(p, alpha: p.real(1), discount: 0)
    value[0] = UInt64(bitPattern: seating.draw(borel_next_uniform(&random)))
  }

  static func supportCount(_ p: LaneWords) -> Int { p.array(0).count + 1 }

  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = UInt64(index)
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    Seating(p, alpha: p.real(1), discount: 0).tangent(
      of: value.int(0), alpha: change.real(1), discount: 0)
  }
}

/// The weights of the tables for the next customer: count - discount at a taken table, alpha +
/// discount * (taken tables) at a new one. Tables without customers are never chosen.
struct Seating {
  static let condition = "the numbers of customers must be at least 0"

  private let tables: UnsafeBufferPointer<Int64>
  private let discount: Double
  private var newWeight: Double
  private var total: Double

  init(_ p: LaneWords, alpha: Double, discount: Double) {
    tables = p.ints(0)
    self.discount = discount
    var customers = 0.0
    var taken = 0.0
    for count in tables where count > 0 {
      customers += Double(count)
      taken += 1
    }
    // The first customer takes a new table, also when alpha is not positive.
    newWeight = customers == 0 ? 1 : alpha + discount * taken
    total = customers == 0 ? 1 : customers + alpha
  }

  static func violation(_ p: LaneWords) -> String? {
    p.ints(0).allSatisfy { $0 >= 0 } ? nil : condition
  }

  private func weight(_ table: Int) -> Double {
    if table == tables.count { return newWeight }
    return tables[table] > 0 ? Double(tables[table]) - discount : 0
  }

  func logProbability(of table: Int64) -> Double {
    guard table >= 0, table <= Int64(tables.count) else { return -.infinity }
    let weight = weight(Int(table))
    return weight > 0 ? log(weight / total) : -.infinity
  }

  /// What `logProbability` changes by when alpha and the discount do.
  func tangent(of table: Int64, alpha: Double, discount: Double) -> Double {
    guard table >= 0, table <= Int64(tables.count) else { return .nan }
    var customers = 0.0
    var taken = 0.0
    for count in tables where count > 0 {
      customers += Double(count)
      taken += 1
    }
    if customers == 0 { return 0 }
    let slope = Int(table) == tables.count ? alpha + discount * taken : -discount
    return slope / weight(Int(table)) - alpha / total
  }

  /// The table at which the cumulative weight exceeds a share of the total.
  func draw(_ uniform: Double) -> Int64 {
    var left = uniform * total
    for table in 0..<tables.count where tables[table] > 0 {
      left -= weight(table)
      if left < 0 { return Int64(table) }
    }
    return Int64(tables.count)
  }
}

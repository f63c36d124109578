import BorelDistributions
import BorelHeap
import BorelIR

/// What lanes do at their random choices instead of drawing.
package final class ChoiceReplay {
  @exclusivity(unchecked) private(set) var table: ChoiceTable
  /// Row of each lane when every lane repeats choices; nil when only `frozen` ones do.
  let rows: UnsafePointer<Int32>?
  /// Lanes that repeat choices: the one at position k those of row k.
  @exclusivity(unchecked) private(set) var frozen: [Int32]
  /// Instructions whose choices all lanes of a group repeat, from the group's row.
  @exclusivity(unchecked) private(set) var sharedUses: Set<Int>
  /// Choices that are drawn afresh, in lanes where `isFresh` holds.
  let freshNumbers: Set<Int>
  let isFresh: [Bool]
  /// The log-densities of repeated choices are added to the weights, and what fails in a lane
  /// makes its weight zero.
  let scores: Bool
  /// Instructions whose repeated choices are scored; nil for all.
  let scoredUses: Set<Int>?
  /// Scores and factors are skipped.
  let dropsScores: Bool
  let dropsTallies: Bool
  /// What the table holds of choices that are made from a standard variate; their densities are
  /// not scored unless it holds values.
  package enum Noise: Sendable {
    /// Values.
    case none
    /// Values, which the replay turns into variates, in the table.
    case taken
    /// Variates, which become values under the parameters of each lane.
    case given
    /// Variates, which the replay turns into values, in the table too.
    case returned
  }
  let noise: Noise
  /// Instructions whose choices are values in any case.
  let valueUses: Set<Int>
  /// Some lane of a frozen path could not repeat its choices.
  @exclusivity(unchecked) package internal(set) var hasMismatch = false
  /// A branch or call went different ways in different lanes.
  var hasVaryingControl = false
  /// Sum of the upper bounds of the log-densities so far; nil when one has none that is the same
  /// for all lanes.
  private var boundSum: Double? = 0

  /// Every lane repeats the choices of a row.
  ///
  /// - Parameter rows: The row of each lane; must stay in memory while the machine runs. Tables
  ///   that change belong to one lane per row, in one thread.
  package init(
    _ table: ChoiceTable, rows: UnsafePointer<Int32>, scores: Bool = true,
    dropsScores: Bool = false, dropsTallies: Bool = false, freshNumbers: Set<Int> = [],
    isFresh: [Bool] = [], scoredUses: Set<Int>? = nil, noise: Noise = .none,
    valueUses: Set<Int> = []
  ) {
    self.noise = noise
    self.valueUses = valueUses
    self.scoredUses = scoredUses
    self.table = table
    self.rows = rows
    self.scores = scores
    self.dropsScores = dropsScores
    self.dropsTallies = dropsTallies
    self.freshNumbers = freshNumbers
    self.isFresh = isFresh
    frozen = []
    sharedUses = []
  }

  /// Some lanes repeat the choices of a row, the others draw.
  ///
  /// - Parameter frozen: The lane that repeats each row.
  /// - Parameter sharedUses: Instructions whose choices all lanes take from the row of their group.
  package init(_ table: ChoiceTable, frozen: [Int32], sharedUses: Set<Int> = []) {
    self.table = table
    self.frozen = frozen
    self.sharedUses = sharedUses
    rows = nil
    noise = .none
    valueUses = []
    scoredUses = nil
    scores = false
    dropsScores = false
    dropsTallies = false
    freshNumbers = []
    isFresh = []
  }

  /// The same for another step.
  package func goOn(to table: ChoiceTable, frozen: [Int32], sharedUses: Set<Int>) {
    self.table = table
    self.frozen = frozen
    self.sharedUses = sharedUses
    hasMismatch = false
    hasVaryingControl = false
  }

  /// An upper bound of the log-density of the step's choices, valid for every previous state; nil
  /// when there is none.
  package var logDensityBound: Double? { hasVaryingControl ? nil : boundSum }

  /// Adds the bound of a choice when its parameters that matter are the same for all lanes.
  func addBound(
    _ use: DistributionUse, _ registers: UnsafeMutablePointer<Slot>, _ operands: RegisterList
  ) {
    guard let sum = boundSum else { return }
    if use.isOptional {
      boundSum = nil
      return
    }
    if let value = use.type?.signature.value, value == .int || value == .bool { return }
    guard let family = use.bound else {
      boundSum = nil
      return
    }
    let bound = LaneBuffer.withBuffer { words -> Double in
      for k in 0..<use.parameterCount {
        let slot = registers[operands[k]]
        if !slot.isUniform, !family.boundIgnores.contains(k) { return .infinity }
        words[k] = slot.bits
      }
      return family.logDensityBound(LaneWords(words))
    }
    boundSum = bound < .infinity ? sum + bound : nil
  }
}

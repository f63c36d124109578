/// One lane number per lane and step, step by step in one piece of memory.
struct LaneTable {
  private let width: Int
  private var numbers: [Int32] = []

  /// - Parameter width: Lanes of each step.
  init(width: Int) { self.width = width }

  /// - Parameter lanes: One number per lane, shape `[width]`.
  mutating func append(_ lanes: [Int32]) { numbers += lanes }

  /// The numbers of a step, shape `[width]`.
  subscript(step: Int) -> [Int32] { Array(numbers[(step * width)..<((step + 1) * width)]) }

  subscript(step: Int, lane: Int32) -> Int32 { numbers[step * width + Int(lane)] }
}

import BorelBase
import BorelIR
import BorelKernels
import BorelLinearAlgebra
import BorelRuntime
import BorelTransforms

/// A trace of a chain with auxiliary draws.
struct MovePoint {
  var trace: ChoiceRecord
  var auxiliary: ChoiceRecord
}

/// What an involution makes of a point.
struct MoveImage {
  var point: MovePoint
  /// log |det J| over the reals of the trace and the auxiliary draws.
  var logDeterminant: Double
  /// By real of the point: the derivatives of the reals of the image.
  var derivatives: [[Double]]
}

/// Runs the involution of a move, and with it its derivatives: one lane for each point and real
/// coordinate of it.
///
/// Source: Green (1995), equation 7; Griewank, Walther (2008), "Evaluating derivatives", chapter 3.
final class Involution {
  private let move: MoveInfo
  private let trace: RecordCoding
  private let auxiliary: RecordCoding
  private let arguments: [UInt64]
  private let compiled: CompiledProgram
  private let hasTangents: Bool
  /// By result word.
  private let isFollowedByTangent: [Bool]
  private let host: InferenceHost
  private var machine: Machine

  /// Objects of runs that are over are let go of above this size.
  private static let heapLimit = 1 << 22

  init(_ move: MoveInfo, run: ModelRun, arguments: [UInt64]) throws {
    self.move = move
    self.arguments = arguments
    trace = RecordCoding(choices: move.trace)
    auxiliary = RecordCoding(choices: move.auxiliary)
    let engine = run.host.engine
    let weighted = try engine.form([Weighted()])
    let isInput = trace.areInputs + auxiliary.areInputs
    let inputs = isInput.indices.filter { isInput[$0] }.map {
      Differentiated.Input(name: String($0), position: $0)
    }
    hasTangents = !inputs.isEmpty
    if inputs.isEmpty {
      compiled = weighted.compiled
      isFollowedByTangent = isInput
    } else {
      let differentiated = Differentiated(move.involution, inputs: inputs, output: .directional)
      compiled = try engine.form([differentiated, Weighted()]).compiled
      isFollowedByTangent = differentiated.tangentResults(weighted.program)
    }
    host = run.host
    machine = Self.machine(compiled, host, lanes: 64)
  }

  private static func machine(
    _ compiled: CompiledProgram, _ host: InferenceHost, lanes: Int
  ) -> Machine {
    var options = host.engine.machineOptions(keepsReports: false)
    options.choices = nil
    options.rejectsFailures = false
    return Machine(
      program: compiled, groupKeys: [0], lanesPerGroup: lanes, options: options, host: host)
  }

  /// The images of points.
  ///
  /// - Throws: what the involution fails with, and E0525 to E0527 for an image that cannot be one.
  func apply(_ points: [MovePoint]) throws -> [MoveImage] {
    let coordinates = points.map { self.coordinates($0) }
    let laneCount = coordinates.reduce(0) { $0 + max(1, $1.count) }
    if laneCount == 0 { return [] }
    if laneCount > machine.laneCount {
      machine = Self.machine(compiled, host, lanes: max(laneCount, 2 * machine.laneCount))
    }
    machine.removeLanes()
    if machine.arena.byteCount > Self.heapLimit { try machine.collectIdle() }
    try machine.beginGeneration(keepingEmissions: true)
    machine.start(
      function: move.involution, columns: columns(points, coordinates), count: laneCount)
    try machine.advance()
    let width = isFollowedByTangent.reduce(0) { $0 + ($1 ? 2 : 1) }
    let (results, _) = machine.results(width: width)
    var images: [MoveImage] = []
    var lane = 0
    for (point, directions) in zip(points, coordinates) {
      var tangents: [[Double]] = []
      var image = point
      for place in 0..<max(1, directions.count) {
        let (result, changes) = decode(results, lane)
        if place == 0 { image = result }
        tangents.append(changes)
        lane += 1
      }
      try check(image)
      let logDeterminant = try logDeterminant(
        tangents, from: point, to: image, count: directions.count)
      images.append(MoveImage(point: image, logDeterminant: logDeterminant, derivatives: tangents))
    }
    return images
  }

  private func coordinates(_ point: MovePoint) -> [(isTrace: Bool, at: ChoiceRecord.Coordinate)] {
    point.trace.coordinates(move.trace).map { (true, $0) }
      + point.auxiliary.coordinates(move.auxiliary).map { (false, $0) }
  }

  /// Parameter words by lane, each input followed by its tangent.
  private func columns(
    _ points: [MovePoint], _ coordinates: [[(isTrace: Bool, at: ChoiceRecord.Coordinate)]]
  ) -> [[UInt64]] {
    let isInput = trace.areInputs + auxiliary.areInputs
    let arena = machine.arena
    var columns = [[UInt64]](
      repeating: [], count: isInput.reduce(0) { $0 + ($1 ? 2 : 1) } + arguments.count)
    for (point, directions) in zip(points, coordinates) {
      let words =
        trace.encode(point.trace, in: arena) + auxiliary.encode(point.auxiliary, in: arena)
      let still =
        trace.encodeTangents(point.trace, nil, in: arena)
        + auxiliary.encodeTangents(point.auxiliary, nil, in: arena)
      for place in 0..<max(1, directions.count) {
        var changes = still
        if place < directions.count {
          let (isTrace, coordinate) = directions[place]
          let own =
            isTrace
            ? trace.encodeTangents(point.trace, coordinate, in: arena)
            : auxiliary.encodeTangents(point.auxiliary, coordinate, in: arena)
          let first = isTrace ? 0 : changes.count - own.count
          changes.replaceSubrange(first..<(first + own.count), with: own)
        }
        var (column, tangent) = (0, 0)
        for (position, word) in words.enumerated() {
          columns[column].append(word)
          column += 1
          if isInput[position] {
            columns[column].append(changes[tangent])
            column += 1
            tangent += 1
          }
        }
        for word in arguments {
          columns[column].append(word)
          column += 1
        }
      }
    }
    return columns
  }

  private func decode(_ results: [[UInt64]], _ lane: Int) -> (MovePoint, [Double]) {
    var (column, position) = (0, 0)
    func next() -> (word: UInt64, tangent: UInt64?) {
      let word = results[column][lane]
      let hasTangent = isFollowedByTangent[position]
      defer {
        column += hasTangent ? 2 : 1
        position += 1
      }
      return (word, hasTangent && hasTangents ? results[column + 1][lane] : nil)
    }
    let (first, changes) = trace.decode(next)
    let (second, others) = auxiliary.decode(next)
    return (MovePoint(trace: first, auxiliary: second), changes + others)
  }

  private func check(_ image: MovePoint) throws {
    if let place = image.trace.firstNaN(move.trace) {
      throw Diagnostic.notANumber(move, move.trace[place.field], place.index)
    }
    if let place = image.auxiliary.firstNaN(move.auxiliary) {
      throw Diagnostic.notANumber(move, move.auxiliary[place.field], place.index)
    }
  }

  /// log |det J|.
  ///
  /// - Parameter tangents: By input coordinate: the changes of the output coordinates.
  private func logDeterminant(
    _ tangents: [[Double]], from point: MovePoint, to image: MovePoint, count: Int
  ) throws -> Double {
    let found = coordinates(image).count
    guard found == count else { throw Diagnostic.otherDimension(move, point, image, count, found) }
    if count == 0 { return 0 }
    guard let value = JacobianMatrix(columns: tangents).logDeterminant else {
      throw Diagnostic.notInvertible(move, point)
    }
    return value
  }
}

/// A square matrix of derivatives.
struct JacobianMatrix {
  /// By input: the derivatives of the outputs.
  let columns: [[Double]]

  /// log |det|; nil when the matrix is singular or not finite.
  var logDeterminant: Double? {
    // An output that is one of the inputs as it was: its row and column do not change the
    // determinant, and most outputs are like that.
    var rows = Array(columns.indices)
    var kept = Array(columns.indices)
    for row in columns.indices {
      let entries = columns.indices.filter { columns[$0][row] != 0 }
      guard entries.count == 1, columns[entries[0]][row] == 1,
        let place = kept.firstIndex(of: entries[0])
      else { continue }
      kept.remove(at: place)
      rows.removeAll { $0 == row }
    }
    let size = rows.count
    if size == 0 { return 0 }
    var matrix = rows.flatMap { row in kept.map { columns[$0][row] } }
    guard matrix.allSatisfy(\.isFinite) else { return nil }
    var pivots = [Int](repeating: 0, count: size)
    let sign = matrix.withUnsafeMutableBufferPointer { matrix in
      pivots.withUnsafeMutableBufferPointer { pivots in
        LinearAlgebra.factorise(
          size: size, matrix.baseAddress.unsafelyUnwrapped,
          pivots: pivots.baseAddress.unsafelyUnwrapped)
      }
    }
    if sign == 0 { return nil }
    return (0..<size).reduce(0) { $0 + borel_log(matrix[$1 * size + $1].magnitude) }
  }
}

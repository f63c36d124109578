import BorelHeap
import BorelKernels

extension LaneStreams {
  /// Passes the streams in the form of the column samplers in C.
  @inline(__always)
  func withKernelStreams(_ body: (UnsafePointer<borel_lane_streams>) -> Void) {
    var streams = borel_lane_streams()
    streams.keys = keys
    streams.draws = draws
    streams.lanes = lanes
    streams.key_stride = UInt32(keyStride)
    streams.draw_stride = UInt32(drawStride)
    streams.first_lane = firstLane
    streams.generation = generation
    withUnsafePointer(to: streams) { body($0) }
  }
}

extension ColumnOperand {
  /// The words as reals; one element when the operand is uniform.
  var reals: UnsafePointer<Double> {
    UnsafeRawPointer(base).assumingMemoryBound(to: Double.self)
  }
  /// The bit of a kernel's `uniform` mask for an operand.
  func uniformBit(_ index: UInt32) -> UInt32 { stride == 0 ? 1 << index : 0 }
}

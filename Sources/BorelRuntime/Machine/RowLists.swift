/// Memory for the rows of the two sides of a branch, and for what has been picked of them.
final class RowLists {
  private(set) var first: UnsafeMutablePointer<Int32>
  private(set) var second: UnsafeMutablePointer<Int32>
  private var capacity = 1024
  /// Columns of which rows have been picked, and the columns that hold them.
  var picked: [(column: Int32, selection: Int32)] = []

  init() {
    first = .allocate(capacity: capacity)
    second = .allocate(capacity: capacity)
  }

  deinit {
    first.deallocate()
    second.deallocate()
  }

  func reserve(_ count: Int) {
    // Kernels may write a vector past the end.
    if count + 16 <= capacity { return }
    first.deallocate()
    second.deallocate()
    capacity = max(count + 16, 2 * capacity)
    first = .allocate(capacity: capacity)
    second = .allocate(capacity: capacity)
  }
}

import BorelKernels

/// The kernel that adds reals, for sums that the machine itself keeps.
enum BorelAddition {
  static let kernel: borel_kernel = borel_k_add_real
}

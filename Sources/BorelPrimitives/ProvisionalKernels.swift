import BorelKernels
import Foundation

// Stand-ins that shadow the C kernels until those are part of the package.

private func word(_ p: UnsafeRawPointer?, _ i: Int64, _ uniform: UInt32, _ k: UInt32) -> UInt64 {
  p?.load(fromByteOffset: uniform & (1 << k) != 0 ? 0 : Int(i) * 8, as: UInt64.self) ?? 0
}
private func provisionalQuantile(_ p: Double) -> Double {
  if !(p > 0) { return p == 0 ? -.infinity : .nan }
  if !(p < 1) { return p == 1 ? .infinity : .nan }
  var (low, high) = (-40.0, 40.0)
  for _ in 0..<200 {
    let middle = (low + high) / 2
    if 0.5 * Foundation.erfc(-middle / 2.0.squareRoot()) < p { low = middle } else { high = middle }
  }
  return high
}
let borel_k_neg_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = -x
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_abs_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = x.magnitude
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_sign_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = x > 0 ? 1 : (x < 0 ? -1 : x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_square: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = x * x
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_sqrt: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = x.squareRoot()
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_lgamma: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.lgamma(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_logistic: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = 1 / (1 + Foundation.exp(-x))
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_logit: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.log(x / (1 - x))
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_log1pexp: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = x > 37 ? x : Foundation.log1p(Foundation.exp(x))
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_erf: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.erf(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_erfc: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.erfc(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_normal_cdf: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = 0.5 * Foundation.erfc(-x / 2.0.squareRoot())
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_normal_log_cdf: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.log(0.5 * Foundation.erfc(-x / 2.0.squareRoot()))
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_exp: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.exp(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_expm1: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.expm1(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_log: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.log(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_log1p: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.log1p(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_sin: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.sin(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_cos: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.cos(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_tan: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.tan(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_asin: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.asin(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_acos: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.acos(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_atan: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.atan(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_sinh: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.sinh(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_cosh: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.cosh(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_tanh: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.tanh(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_digamma: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = (Foundation.lgamma(x + 1e-5) - Foundation.lgamma(x - 1e-5)) / 2e-5
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_trigamma: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double =
      (Foundation.lgamma(x + 1e-3) - 2 * Foundation.lgamma(x) + Foundation.lgamma(x - 1e-3)) / 1e-6
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_normal_quantile: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = provisionalQuantile(x)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_add_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = x + y
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_sub_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = x - y
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_mul_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = x * y
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_div_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = x / y
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_mod_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = x.truncatingRemainder(dividingBy: y)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_min_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = x < y || x.isNaN ? x : y
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_max_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = x > y || x.isNaN ? x : y
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_pow_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.pow(x, y)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_hypot: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.hypot(x, y)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_atan2: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.atan2(x, y)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_logaddexp: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = max(x, y) + Foundation.log1p(Foundation.exp(-abs(x - y)))
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_lbeta: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double = Foundation.lgamma(x) + Foundation.lgamma(y) - Foundation.lgamma(x + y)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_lchoose: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    let r: Double =
      Foundation.lgamma(x + 1) - Foundation.lgamma(y + 1) - Foundation.lgamma(x - y + 1)
    dst?.storeBytes(of: r.bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_neg_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    let r: (Int64, Bool) = x == .min ? (0, true) : (-x, false)
    if r.1 { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r.0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_abs_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    let r: (Int64, Bool) = x == .min ? (0, true) : (abs(x), false)
    if r.1 { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r.0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_sign_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    let r: (Int64, Bool) = (x.signum(), false)
    if r.1 { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r.0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_not_bool: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    let r: (Int64, Bool) = (x == 0 ? 1 : 0, false)
    if r.1 { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r.0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_add_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    let r: (Int64, Bool) = x.addingReportingOverflow(y)
    if r.1 { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r.0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_sub_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    let r: (Int64, Bool) = x.subtractingReportingOverflow(y)
    if r.1 { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r.0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_mul_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    let r: (Int64, Bool) = x.multipliedReportingOverflow(by: y)
    if r.1 { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r.0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_quotient_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    let r: (Int64, Bool) = x.dividedReportingOverflow(by: y)
    if r.1 { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r.0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_remainder_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    let r: (Int64, Bool) = y == 0 ? (0, true) : (y == -1 ? 0 : x % y, false)
    if r.1 { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r.0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_min_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    let r: (Int64, Bool) = (min(x, y), false)
    if r.1 { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r.0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_max_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    let r: (Int64, Bool) = (max(x, y), false)
    if r.1 { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r.0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_power_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    let r: (Int64, Bool) =
      y < 0
      ? (0, true)
      : {
        var r: Int64 = 1
        for _ in 0..<min(y, 100) {
          let p = r.multipliedReportingOverflow(by: x)
          if p.overflow { return (0, true) }
          r = p.partialValue
        }
        return (r, false)
      }()
    if r.1 { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r.0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_and_bool: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    let r: (Int64, Bool) = (x & y, false)
    if r.1 { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r.0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_or_bool: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    let r: (Int64, Bool) = (x | y, false)
    if r.1 { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r.0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_eq_bool: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    let r: (Int64, Bool) = (x == y ? 1 : 0, false)
    if r.1 { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r.0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_ne_bool: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    let r: (Int64, Bool) = (x != y ? 1 : 0, false)
    if r.1 { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r.0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_lt_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    dst?.storeBytes(of: UInt64(x < y ? 1 : 0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_lt_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    dst?.storeBytes(of: UInt64(x < y ? 1 : 0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_le_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    dst?.storeBytes(of: UInt64(x <= y ? 1 : 0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_le_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    dst?.storeBytes(of: UInt64(x <= y ? 1 : 0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_gt_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    dst?.storeBytes(of: UInt64(x > y ? 1 : 0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_gt_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    dst?.storeBytes(of: UInt64(x > y ? 1 : 0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_ge_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    dst?.storeBytes(of: UInt64(x >= y ? 1 : 0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_ge_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    dst?.storeBytes(of: UInt64(x >= y ? 1 : 0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_eq_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    dst?.storeBytes(of: UInt64(x == y ? 1 : 0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_eq_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    dst?.storeBytes(of: UInt64(x == y ? 1 : 0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_ne_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    dst?.storeBytes(of: UInt64(x != y ? 1 : 0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_ne_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    dst?.storeBytes(of: UInt64(x != y ? 1 : 0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_is_nan: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    dst?.storeBytes(of: UInt64(x.isNaN ? 1 : 0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_is_finite: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    dst?.storeBytes(of: UInt64(x.isFinite ? 1 : 0), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_int_to_real: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Int64(bitPattern: A), Int64(bitPattern: B))
    _ = (x, y)
    dst?.storeBytes(of: Double(x).bitPattern, toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_select: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    dst?.storeBytes(of: (A != 0 ? B : C), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_floor_to_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    guard let r = Int64(exactly: x.rounded(.down)) else { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_ceil_to_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    guard let r = Int64(exactly: x.rounded(.up)) else { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_round_to_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    guard let r = Int64(exactly: x.rounded(.toNearestOrAwayFromZero)) else { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
let borel_k_trunc_to_int: borel_kernel = { n, dst, a, b, c, u in
  for i in 0..<n {
    let (A, B, C) = (word(a, i, u, 0), word(b, i, u, 1), word(c, i, u, 2))
    _ = (A, B, C)
    let (x, y) = (Double(bitPattern: A), Double(bitPattern: B))
    _ = (x, y)
    guard let r = Int64(exactly: x.rounded(.towardZero)) else { return i }
    dst?.storeBytes(of: UInt64(bitPattern: r), toByteOffset: Int(i) * 8, as: UInt64.self)
  }
  return -1
}
func borel_exp(_ x: Double) -> Double { Foundation.exp(x) }
func borel_log(_ x: Double) -> Double { Foundation.log(x) }
func borel_log1p(_ x: Double) -> Double { Foundation.log1p(x) }
func borel_expm1(_ x: Double) -> Double { Foundation.expm1(x) }
func borel_lgamma(_ x: Double) -> Double { Foundation.lgamma(x) }
func borel_pow(_ x: Double, _ y: Double) -> Double { Foundation.pow(x, y) }
func borel_lchoose(_ x: Double, _ y: Double) -> Double {
  Foundation.lgamma(x + 1) - Foundation.lgamma(y + 1) - Foundation.lgamma(x - y + 1)
}

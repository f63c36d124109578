/// Elementwise kernels on reals.

INLINE vd f_add(vd a, vd b) { return a + b; }
INLINE vd f_sub(vd a, vd b) { return a - b; }
INLINE vd f_mul(vd a, vd b) { return a * b; }
INLINE vd f_div(vd a, vd b) { return a / b; }
INLINE vd f_min(vd a, vd b) {
  vd smaller = select_vd((vi)(a < b), a, b);
  return select_vd(is_nan_mask(a), a, smaller);
}
INLINE vd f_max(vd a, vd b) {
  vd larger = select_vd((vi)(a > b), a, b);
  return select_vd(is_nan_mask(a), a, larger);
}
INLINE vd f_neg(vd a) { return -a; }
INLINE vd f_square(vd a) { return a * a; }
INLINE vd f_reciprocal(vd a) { return 1.0 / a; }
INLINE vd f_sign(vd a) {
  vd one = copy_sign(splat_vd(1.0), a);
  return select_vd((vi)(abs_vd(a) > 0.0), one, a);
}
INLINE vi f_is_nan(vd a) { return is_nan_mask(a) & 1; }
INLINE vi f_is_finite(vd a) { return is_finite_mask(a) & 1; }

BINARY_CHEAP(add_real, vd, vd, vd, f_add)
BINARY_CHEAP(sub_real, vd, vd, vd, f_sub)
BINARY_CHEAP(mul_real, vd, vd, vd, f_mul)
BINARY_CHEAP(div_real, vd, vd, vd, f_div)
BINARY_CHEAP(min_real, vd, vd, vd, f_min)
BINARY_CHEAP(max_real, vd, vd, vd, f_max)
UNARY(neg_real, vd, vd, f_neg)
UNARY(abs_real, vd, vd, abs_vd)
UNARY(sign_real, vd, vd, f_sign)
UNARY(square, vd, vd, f_square)
UNARY(sqrt, vd, vd, sqrt_vd)
UNARY(reciprocal, vd, vd, f_reciprocal)
UNARY(floor, vd, vd, floor_vd)
UNARY(ceil, vd, vd, ceil_vd)
UNARY(round, vd, vd, round_away_vd)
UNARY(trunc, vd, vd, trunc_vd)
UNARY(is_nan, vi, vd, f_is_nan)
UNARY(is_finite, vi, vd, f_is_finite)
TERNARY(fma_real, vd, vd, vd, vd, madd)

/// The exact remainder of truncating division: long division of the mantissas, 11 bits at a time.
static double remainder_scalar(double x, double y) {
  union {
    double real;
    uint64_t bits;
  } vx = {.real = x}, vy = {.real = y};
  uint64_t sign = vx.bits & (UINT64_C(1) << 63);
  uint64_t bx = vx.bits & (uint64_t)BITS_ABS, by = vy.bits & (uint64_t)BITS_ABS;
  const uint64_t infinity = UINT64_C(0x7ff) << 52;
  if (bx >= infinity || by > infinity || by == 0) return __builtin_nan("");
  if (bx < by) return x;
  int64_t ex = (int64_t)(bx >> 52), ey = (int64_t)(by >> 52);
  const uint64_t fraction = (UINT64_C(1) << 52) - 1;
  uint64_t mx = bx & fraction, my = by & fraction;
  if (ex == 0) ex = 1; else mx |= fraction + 1;
  if (ey == 0) ey = 1; else my |= fraction + 1;
  mx %= my;
  for (int64_t left = ex - ey; left > 0 && mx != 0;) {
    int64_t step = left < 11 ? left : 11;
    mx = (mx << step) % my;
    left -= step;
  }
  if (mx == 0) {
    vx.bits = sign;
    return vx.real;
  }
  while (mx <= fraction && ey > 1) {
    mx <<= 1;
    ey -= 1;
  }
  vx.bits = sign | (mx > fraction ? ((uint64_t)ey << 52) | (mx & fraction) : mx);
  return vx.real;
}
INLINE int f_mod(double x, double y, double *result) {
  *result = remainder_scalar(x, y);
  return 1;
}
BINARY_SCALAR(mod_real, double, f_mod)

UNARY(exp, vd, vd, exp_vd)
UNARY(log, vd, vd, log_vd)
UNARY_LONG(log1p, vd, vd, log1p_vd)
UNARY_LONG(expm1, vd, vd, expm1_vd)
BINARY_LONG(pow_real, vd, vd, vd, pow_vd)
BINARY_LONG(hypot, vd, vd, vd, hypot_vd)
UNARY_LONG(sin, vd, vd, sin_vd)
UNARY_LONG(cos, vd, vd, cos_vd)
UNARY_LONG(tan, vd, vd, tan_vd)
UNARY_LONG(asin, vd, vd, asin_vd)
UNARY_LONG(acos, vd, vd, acos_vd)
UNARY_LONG(atan, vd, vd, atan_vd)
BINARY_LONG(atan2, vd, vd, vd, atan2_vd)
UNARY_LONG(sinh, vd, vd, sinh_vd)
UNARY_LONG(cosh, vd, vd, cosh_vd)
UNARY_LONG(tanh, vd, vd, tanh_vd)
UNARY_LONG(lgamma, vd, vd, lgamma_vd)
UNARY_LONG(digamma, vd, vd, digamma_vd)
UNARY_LONG(trigamma, vd, vd, trigamma_vd)
BINARY_LONG(lbeta, vd, vd, vd, lbeta_vd)
BINARY_LONG(lchoose, vd, vd, vd, lchoose_vd)
UNARY_LONG(erf, vd, vd, erf_vd)
UNARY_LONG(erfc, vd, vd, erfc_vd)
UNARY_LONG(normal_cdf, vd, vd, normal_cdf_vd)
UNARY_LONG(normal_log_cdf, vd, vd, normal_log_cdf_vd)
UNARY_LONG(normal_quantile, vd, vd, normal_quantile_vd)
UNARY_LONG(logistic, vd, vd, logistic_vd)
UNARY_LONG(logit, vd, vd, logit_vd)
UNARY_LONG(log1pexp, vd, vd, log1pexp_vd)
BINARY_LONG(logaddexp, vd, vd, vd, logaddexp_vd)

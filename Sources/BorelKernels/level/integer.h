/// Elementwise kernels on Int and Bool, comparisons, conversions and selection.

INLINE vi f_add_int(vi a, vi b, vi *bad) {
  vi sum = (vi)((vu)a + (vu)b);
  *bad = (vi)(((a ^ sum) & (b ^ sum)) < 0);
  return sum;
}
INLINE vi f_sub_int(vi a, vi b, vi *bad) {
  vi difference = (vi)((vu)a - (vu)b);
  *bad = (vi)(((a ^ b) & (a ^ difference)) < 0);
  return difference;
}
INLINE vi f_neg_int(vi a, vi *bad) {
  *bad = (vi)(a == INT64_MIN);
  return (vi)(0 - (vu)a);
}
INLINE vi f_abs_int(vi a, vi *bad) {
  *bad = (vi)(a == INT64_MIN);
  return select_vi((vi)(a < 0), (vi)(0 - (vu)a), a);
}
INLINE vi f_sign_int(vi a) { return ((vi)(a > 0) & 1) | (vi)(a < 0); }
INLINE vi f_min_int(vi a, vi b) { return select_vi((vi)(a < b), a, b); }
INLINE vi f_max_int(vi a, vi b) { return select_vi((vi)(a > b), a, b); }

INLINE int f_mul_int(int64_t a, int64_t b, int64_t *r) { return !__builtin_mul_overflow(a, b, r); }
INLINE int f_quotient_int(int64_t a, int64_t b, int64_t *r) {
  if (b == 0 || (a == INT64_MIN && b == -1)) return 0;
  *r = a / b;
  return 1;
}
/// The remainder by -1 is 0 although the quotient may overflow.
INLINE int f_remainder_int(int64_t a, int64_t b, int64_t *r) {
  if (b == 0) return 0;
  *r = b == -1 ? 0 : a % b;
  return 1;
}
INLINE int f_power_int(int64_t base, int64_t exponent, int64_t *r) {
  if (exponent < 0) return 0;
  int64_t result = 1;
  while (1) {
    if ((exponent & 1) != 0 && __builtin_mul_overflow(result, base, &result)) return 0;
    exponent >>= 1;
    if (exponent == 0) break;
    if (__builtin_mul_overflow(base, base, &base)) return 0;
  }
  *r = result;
  return 1;
}

BINARY_CHECKED(add_int, f_add_int)
BINARY_CHECKED(sub_int, f_sub_int)
UNARY_CHECKED(neg_int, vi, vi, f_neg_int)
UNARY_CHECKED(abs_int, vi, vi, f_abs_int)
UNARY(sign_int, vi, vi, f_sign_int)
BINARY_CHEAP(min_int, vi, vi, vi, f_min_int)
BINARY_CHEAP(max_int, vi, vi, vi, f_max_int)
BINARY_SCALAR(mul_int, int64_t, f_mul_int)
BINARY_SCALAR(quotient_int, int64_t, f_quotient_int)
BINARY_SCALAR(remainder_int, int64_t, f_remainder_int)
BINARY_SCALAR(power_int, int64_t, f_power_int)

#define COMPARISON(name, operator)                                                                 \
  INLINE vi f_##name##_real(vd a, vd b) { return (vi)(a operator b) & 1; }                         \
  INLINE vi f_##name##_int(vi a, vi b) { return (vi)(a operator b) & 1; }                          \
  BINARY_CHEAP(name##_real, vi, vd, vd, f_##name##_real)                                           \
  BINARY_CHEAP(name##_int, vi, vi, vi, f_##name##_int)
COMPARISON(lt, <)
COMPARISON(le, <=)
COMPARISON(gt, >)
COMPARISON(ge, >=)
COMPARISON(eq, ==)
COMPARISON(ne, !=)

INLINE vi f_and(vi a, vi b) { return a & b; }
INLINE vi f_or(vi a, vi b) { return a | b; }
INLINE vi f_xor(vi a, vi b) { return a ^ b; }
INLINE vi f_same(vi a, vi b) { return (a ^ b) ^ 1; }
INLINE vi f_not(vi a) { return a ^ 1; }
BINARY_CHEAP(and_bool, vi, vi, vi, f_and)
BINARY_CHEAP(or_bool, vi, vi, vi, f_or)
BINARY_CHEAP(ne_bool, vi, vi, vi, f_xor)
BINARY_CHEAP(eq_bool, vi, vi, vi, f_same)
UNARY(not_bool, vi, vi, f_not)

INLINE vi checked_int(vd x, vi *bad) {
  vi fits = (vi)(x >= -0x1p63) & (vi)(x < 0x1p63);
  *bad = ~fits;
  return to_int(select_vd(fits, x, splat_vd(0.0)));
}
INLINE vi f_floor_to_int(vd x, vi *bad) { return checked_int(floor_vd(x), bad); }
INLINE vi f_ceil_to_int(vd x, vi *bad) { return checked_int(ceil_vd(x), bad); }
INLINE vi f_round_to_int(vd x, vi *bad) { return checked_int(round_away_vd(x), bad); }
INLINE vi f_trunc_to_int(vd x, vi *bad) { return checked_int(trunc_vd(x), bad); }
UNARY(int_to_real, vd, vi, to_real)
UNARY_CHECKED(floor_to_int, vi, vd, f_floor_to_int)
UNARY_CHECKED(ceil_to_int, vi, vd, f_ceil_to_int)
UNARY_CHECKED(round_to_int, vi, vd, f_round_to_int)
UNARY_CHECKED(trunc_to_int, vi, vd, f_trunc_to_int)

INLINE vi f_select(vi mask, vi a, vi b) { return select_vi((vi)(mask != 0), a, b); }
INLINE vi f_copy(vi a) { return a; }
TERNARY(select, vi, vi, vi, vi, f_select)
UNARY(copy, vi, vi, f_copy)

KERNEL_HEAD(fill) {
  UNUSED;
  if (n <= 0) return -1;
  return repeat_vi(dst, n, SPLAT(vi, a));
}

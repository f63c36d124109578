/// exp, expm1, log, log1p and the double-double power.
///
/// Goals in this order: correct edges (subnormal, overflow, infinities, NaN); error below 1 ulp for
/// exp, log and pow, below 2 for the others; few instructions. Coefficients: near-minimax fits.

static const double exp_tail[] = {
    0x1.0000000000001p-1,  0x1.5555555555556p-3,  0x1.5555555553d5ap-5,  0x1.11111111109b0p-7,
    0x1.6c16c1788f429p-10, 0x1.a01a01a7c636cp-13, 0x1.a019b8ffea19ep-16, 0x1.71de0da63c715p-19,
    0x1.289195230a5a7p-22, 0x1.af38bd1432692p-26};

/// In s^2, for 2 atanh(s) = 2 s + s^3 P(s^2).
static const double log_tail[] = {0x1.5555555555558p-1, 0x1.99999999951f5p-2, 0x1.2492492e0b70cp-2,
                                  0x1.c71c62c42db89p-3, 0x1.7462be245eae3p-3, 0x1.39fd25d62ab23p-3,
                                  0x1.2b6776a1bf0b9p-3};

/// In s^2, for 2 atanh(s) = 2 s + s^3 (2/3 + s^2 P(s^2)).
static const double log_second_tail[] = {
    0x1.999999999999ap-2, 0x1.2492492492491p-2, 0x1.c71c71c71cffap-3,
    0x1.745d174510f8dp-3, 0x1.3b13b1bdcfb31p-3, 0x1.1110df430665dp-3,
    0x1.e1f81e418e626p-4, 0x1.ac476873b3260p-4, 0x1.b8f089728de3fp-4};

/// ln 2 with 33 bits, so that products with exponents are exact, and the rest.
#define LN2_HIGH 0x1.62e42fefp-1
#define LN2_LOW 0x1.473de6af278edp-34
#define LOG2_E 0x1.71547652b82fep+0
/// Adding it rounds to an integer, which then stands in the low bits.
#define ROUNDER 0x1.8p52
#define BITS_ROUNDER INT64_C(0x4338000000000000)

/// value * 2^k for |k| <= 2040, rounded once.
INLINE vd scale_by_power(vd value, vi k) {
  vi half = (vi)((vu)(k + 4096) >> 1) - 2048;
  vi rest = k - half;
  vd first_factor = (vd)((half + 1023) << 52), second_factor = (vd)((rest + 1023) << 52);
  return value * first_factor * second_factor;
}

/// exp(x + low) * 2^shift for |low| far below 1, |shift| <= 10.
INLINE vd exp_scaled(vd x, vd low, int64_t shift) {
  vd clamped = at_least(at_most(x, 1400.0), -1400.0);
  vd shifted = madd(clamped, splat_vd(LOG2_E), splat_vd(ROUNDER));
  vd whole = shifted - ROUNDER;
  vd r = nmadd(whole, splat_vd(LN2_HIGH), clamped);
  r = nmadd(whole, splat_vd(LN2_LOW), r) + low;
  vd result = madd(r * r, polynomial(r, exp_tail, 10), r) + 1.0;
#if BOREL_LEVEL == 2
  return (vd)_mm512_scalef_pd((__m512d)result, (__m512d)(whole + (double)shift));
#else
  return scale_by_power(result, (vi)shifted - BITS_ROUNDER + shift);
#endif
}

/// exp(x) for |x| < 708, where one power of two scales without rounding: the bits of `exp_vd`.
INLINE vd exp_moderate(vd x) {
  vd shifted = madd(x, splat_vd(LOG2_E), splat_vd(ROUNDER));
  vd whole = shifted - ROUNDER;
  vd r = nmadd(whole, splat_vd(LN2_HIGH), x);
  r = nmadd(whole, splat_vd(LN2_LOW), r);
  vd result = madd(r * r, polynomial(r, exp_tail, 10), r) + 1.0;
  return result * (vd)(((vi)shifted - (BITS_ROUNDER - 1023)) << 52);
}

INLINE vd exp_vd(vd x) {
#if BOREL_LEVEL != 2
  if (__builtin_expect(!any(~(vi)(abs_vd(x) < 708.0)), 1)) return exp_moderate(x);
#endif
  return exp_scaled(x, splat_vd(0.0), 0);
}

INLINE vd expm1_vd(vd x) {
  vd clamped = at_least(at_most(x, 712.0), -60.0);
  vd shifted = madd(clamped, splat_vd(LOG2_E), splat_vd(ROUNDER));
  vd whole = shifted - ROUNDER;
  vd high = nmadd(whole, splat_vd(LN2_HIGH), clamped);
  vd r = nmadd(whole, splat_vd(LN2_LOW), high);
  vd low = nmadd(whole, splat_vd(LN2_LOW), high - r);
  vd p = r + madd(r * r, polynomial(r, exp_tail, 10), madd(low, r, low));
  /* 2^(k-1) stays finite for k = 1024; the last doubling overflows where exp does. */
  vi k = (vi)shifted - BITS_ROUNDER;
  k = select_vi((vi)(k > 1024), splat_vi(1024), k);
  vd half_power = (vd)((k + 1022) << 52);
  vd result = madd(p, half_power, half_power - 0.5) * 2.0;
  result = select_vd((vi)(x > 709.9), infinity_vd(), result);
  return select_vd((vi)(abs_vd(x) < 0x1p-54), x, result);
}

/// x = (1 + f) 2^k with 1 + f in [sqrt(1/2), sqrt 2), for positive finite x.
INLINE void log_split(vd x, vd *f, vd *k) {
  vi subnormal = (vi)(x < 0x1p-1022);
  vi bits = (vi)select_vd(subnormal, x * 0x1p54, x);
  vi biased = bits - INT64_C(0x3fe6a09e667f3bcd) + (INT64_C(1024) << 52);
  vi exponent = (vi)((vu)biased >> 52);
  *f = (vd)(bits - ((exponent - 1024) << 52)) - 1.0;
  vd real_exponent = (vd)(exponent | INT64_C(0x4330000000000000)) - (0x1p52 + 1024.0);
  *k = select_vd(subnormal, real_exponent - 54.0, real_exponent);
}

/// The same for positive normal x.
INLINE void log_split_normal(vd x, vd *f, vd *k) {
  vi bits = (vi)x;
  vi biased = bits - INT64_C(0x3fe6a09e667f3bcd) + (INT64_C(1024) << 52);
  vi exponent = (vi)((vu)biased >> 52);
  *f = (vd)(bits - ((exponent - 1024) << 52)) - 1.0;
  *k = (vd)(exponent | INT64_C(0x4330000000000000)) - (0x1p52 + 1024.0);
}

/// log(1 + f) + k log 2 + extra.
INLINE vd log_finish(vd f, vd k, vd extra) {
  vd s = f / (f + 2.0);
  vd z = s * s;
  vd rest = z * polynomial(z, log_tail, 7);
  vd half_square = f * f * 0.5;
  vd small = madd(s, half_square + rest, madd(k, splat_vd(LN2_LOW), extra));
  return madd(k, splat_vd(LN2_HIGH), f - (half_square - small));
}

/// log x for positive finite x.
INLINE vd log_positive(vd x) {
  vd f, k;
  log_split(x, &f, &k);
  return log_finish(f, k, splat_vd(0.0));
}

/// log x for positive normal x: the bits of `log_positive`.
INLINE vd log_normal(vd x) {
  vd f, k;
  log_split_normal(x, &f, &k);
  return log_finish(f, k, splat_vd(0.0));
}

INLINE vd log_edges(vd x, vd result) {
  result = select_vd((vi)(x < infinity_vd()), result, x);
  result = select_vd((vi)(x == 0.0), -infinity_vd(), result);
  return select_vd((vi)(x < 0.0), nan_vd(), result);
}

INLINE vd log_vd(vd x) { return log_edges(x, log_positive(x)); }

INLINE vd log1p_vd(vd x) {
  vd sum = x + 1.0;
  vd t = sum - 1.0;
  vd lost = (1.0 - (sum - t)) + (x - t);
  vd f, k;
  log_split(sum, &f, &k);
  vd result = log_finish(f, k, lost / sum);
  result = select_vd((vi)(x < infinity_vd()), result, x);
  result = select_vd((vi)(x == -1.0), -infinity_vd(), result);
  result = select_vd((vi)(x < -1.0), nan_vd(), result);
  return select_vd((vi)(abs_vd(x) < 0x1p-54), x, result);
}

/// log x as an unevaluated sum, relative error about 2^-65, for positive finite x.
INLINE vd log_double(vd x, vd *low) {
  vd f, k;
  log_split(x, &f, &k);
  vd d = f + 2.0;
  vd d_low = f - (d - 2.0);
  vd s = f / d;
  vd error, product = two_product(s, d, &error);
  vd s_low = (((f - product) - error) - s * d_low) / d;
  vd z_low, z = two_product(s, s, &z_low);
  z_low = madd(s * 2.0, s_low, z_low);
  vd t_low, t = two_product(z, splat_vd(0x1.5555555555555p-1), &t_low);
  t_low += madd(z, splat_vd(0x1.5555555555555p-55), z_low * 0x1.5555555555555p-1);
  t = fast_two_sum(t, z * z * polynomial(z, log_second_tail, 9), &error);
  t_low += error;
  vd u_low, u = two_product(t, s, &u_low);
  u_low += madd(t, s_low, t_low * s);
  vd first_error, sum = two_sum(k * LN2_HIGH, s * 2.0, &first_error);
  vd second_error, total = two_sum(sum, u, &second_error);
  vd rest = first_error + second_error + madd(s_low, splat_vd(2.0), u_low);
  rest = madd(k, splat_vd(LN2_LOW), rest);
  return fast_two_sum(total, rest, low);
}

INLINE vd pow_vd(vd x, vd y) {
  vd magnitude = abs_vd(x);
  vd log_low, log_high = log_double(magnitude, &log_low);
  vd low, high = two_product(y, log_high, &low);
  low = madd(y, log_low, low);
  low = select_vd((vi)(abs_vd(high) < 1000.0) & (vi)(low == low), low, splat_vd(0.0));
  vd result = exp_scaled(high, low, 0);

  vi y_positive = (vi)(y > 0.0);
  vi y_integral = (vi)(trunc_vd(y) == y);
  vd half = y * 0.5;
  vi y_odd = y_integral & (vi)(trunc_vd(half) != half);
  vd at_zero = select_vd(y_positive, splat_vd(0.0), infinity_vd());
  vd at_infinity = select_vd(y_positive, infinity_vd(), splat_vd(0.0));
  result = select_vd((vi)(magnitude == 0.0), at_zero, result);
  result = select_vd((vi)(magnitude == infinity_vd()), at_infinity, result);
  result = flip_sign(result, sign_bits(x) & y_odd);
  vi negative = (vi)(x < 0.0) & (vi)(magnitude < infinity_vd());
  result = select_vd(negative & ~y_integral, nan_vd(), result);
  /* y = +-infinity: by the size of x alone. */
  vi grows = ((vi)(magnitude > 1.0) & y_positive) | ((vi)(magnitude < 1.0) & ~y_positive);
  vd limit = select_vd(grows, infinity_vd(), splat_vd(0.0));
  limit = select_vd((vi)(magnitude == 1.0), splat_vd(1.0), limit);
  result = select_vd((vi)(abs_vd(y) == infinity_vd()), limit, result);
  result = select_vd(is_nan_mask(x) | is_nan_mask(y), nan_vd(), result);
  return select_vd((vi)(x == 1.0) | (vi)(y == 0.0), splat_vd(1.0), result);
}

/// log(1 + exp(x)) without overflow or loss.
INLINE vd log1pexp_vd(vd x) {
  vd tail = log1p_vd(exp_vd(-abs_vd(x)));
  return select_vd((vi)(x > 0.0), x, splat_vd(0.0)) + tail;
}

/// log(exp(a) + exp(b)); equal infinities keep their value.
INLINE vd logaddexp_vd(vd a, vd b) {
  vd larger = select_vd((vi)(a < b), b, a);
  vd gap = select_vd((vi)(a == b), splat_vd(0.0), abs_vd(a - b));
  return select_vd(is_nan_mask(b), b, larger) + log1p_vd(exp_vd(-gap));
}

INLINE vd logistic_vd(vd x) {
  vd e = exp_vd(-abs_vd(x));
  return select_vd((vi)(x < 0.0), e, splat_vd(1.0)) / (e + 1.0);
}

/// log(p/(1 - p)): by log1p near 1/2, where the quotient loses the distance to 1.
INLINE vd logit_vd(vd p) {
  vd q = 1.0 - p;
  vi middle = (vi)(abs_vd(p - 0.5) < 0.25);
  vd near = log1p_vd(select_vd(middle, (2.0 * p - 1.0) / q, splat_vd(0.0)));
  vd far = log_vd(p / q);
  far = select_vd((vi)(p == 1.0), infinity_vd(), far);
  return select_vd(middle, near, far);
}

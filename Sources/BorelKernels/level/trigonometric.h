/// Circular functions and their inverses, and sine and cosine of whole turns for Box-Muller.
///
/// Arguments up to 2^20 quarter turns are reduced with pi/2 in four parts (Cody and Waite 1980),
/// larger ones one by one with as many bits of 2/pi as they need (Payne and Hanek 1983).

static const double sin_tail[] = {
    -0x1.5555555555555p-3, 0x1.1111111110bb1p-7, -0x1.a01a019e833f2p-13, 0x1.71de3795fe529p-19,
    -0x1.ae600a711c40ep-26, 0x1.5e0ae5873e651p-33};
static const double cos_tail[] = {
    0x1.5555555555555p-5, -0x1.6c16c16c16966p-10, 0x1.a01a019f4e7a2p-16, -0x1.27e4fa17941a8p-22,
    0x1.1eeb68a05cf19p-29, -0x1.907d6ee97cd28p-37};
static const double atan_tail[] = {
    -0x1.5555555555555p-2, 0x1.9999999999953p-3, -0x1.249249248d7e6p-3, 0x1.c71c71c3045bap-4,
    -0x1.745d165de250bp-4, 0x1.3b1392d7e8f74p-4, -0x1.110e87e6a8722p-4, 0x1.e19a10824a50bp-5,
    -0x1.ac7a7bd8f05c0p-5, 0x1.74dd67f0d3109p-5, -0x1.1b32a3266af2ep-5, 0x1.0ad10221730d6p-6};
static const double asin_tail[] = {
    0x1.5555555555556p-3, 0x1.3333333332ecap-4, 0x1.6db6db6e31f13p-5, 0x1.f1c71c1db0623p-6,
    0x1.6e8bb1c8209a2p-6, 0x1.1c4d35cf95421p-6, 0x1.c9cf07674736ap-7, 0x1.782651caa6547p-7,
    0x1.52420b04b37bep-7, 0x1.65a9c4dfcf8b2p-8, 0x1.1d189408314eep-6, -0x1.e6aaa8a0a04ccp-7,
    0x1.d72b2bc8155f8p-6};

#define HALF_PI_1 0x1.921fb544p+0
#define HALF_PI_2 0x1.0b4611a6p-34
#define HALF_PI_3 0x1.3198a2ep-69
#define HALF_PI_4 0x1.b839a252049c1p-104
#define HALF_PI_HIGH 0x1.921fb54442d18p+0
#define HALF_PI_LOW 0x1.1a62633145c07p-54
#define TWO_OVER_PI 0x1.45f306dc9c883p-1

/// x modulo pi/2 as high + low in about [-pi/4, pi/4], and the number of quarter turns modulo 4.
static void reduce_huge(double x, double *high, double *low, int64_t *quarter) {
  /* Bits of 2/pi after 64 zeros. */
  static const uint64_t words[] = {
      0,
      0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
      0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484,
      0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f,
      0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d, 0x7527bac7ebe5f17b,
      0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d};
  union {
    double real;
    uint64_t bits;
  } view = {.real = x};
  uint64_t mantissa = (view.bits & ((UINT64_C(1) << 52) - 1)) | (UINT64_C(1) << 52);
  int64_t exponent = (int64_t)((view.bits >> 52) & 0x7ff) - 1075;
  /* 192 bits of 2/pi from the first whose product with the mantissa counts modulo 4. */
  int64_t position = exponent + 62;
  int64_t index = position >> 6, shift = position & 63;
  uint64_t f[3];
  for (int i = 0; i < 3; i++) {
    f[i] = words[index + i] << shift;
    if (shift != 0) f[i] |= words[index + i + 1] >> (64 - shift);
  }
  __uint128_t p2 = (__uint128_t)f[2] * mantissa;
  __uint128_t p1 = (__uint128_t)f[1] * mantissa + (uint64_t)(p2 >> 64);
  uint64_t top = f[0] * mantissa + (uint64_t)(p1 >> 64);
  uint64_t middle = (uint64_t)p1, bottom = (uint64_t)p2;
  int64_t turns = (int64_t)(top >> 62);
  top = (top << 2) | (middle >> 62);
  middle = (middle << 2) | (bottom >> 62);
  bottom <<= 2;
  int negative = (int)(top >> 63);
  if (negative) {
    turns += 1;
    top = ~top, middle = ~middle, bottom = ~bottom;
  }
  int zeros = top == 0 ? 64 : __builtin_clzll(top);
  if (zeros == 64) top = middle, middle = bottom, bottom = 0;
  int more = zeros == 64 ? (top == 0 ? 63 : __builtin_clzll(top)) : zeros;
  if (more > 0) {
    top = (top << more) | (middle >> (64 - more));
    middle = (middle << more) | (bottom >> (64 - more));
  }
  int64_t total = zeros == 64 ? 64 + more : more;
  view.bits = (uint64_t)(1023 - total) << 52;
  double unit = view.real;
  double fraction_high = (double)(top >> 11) * 0x1p-53 * unit;
  double fraction_low = (double)(((top & 0x7ff) << 42) | (middle >> 22)) * 0x1p-106 * unit;
  vd error, product = two_product(splat_vd(fraction_high), splat_vd(HALF_PI_HIGH), &error);
  double h = product[0];
  double l = error[0] + (fraction_high * HALF_PI_LOW + fraction_low * HALF_PI_HIGH);
  int flip = negative != (x < 0.0);
  *high = flip ? -h : h;
  *low = flip ? -l : l;
  *quarter = x < 0.0 ? -turns : turns;
}

/// x modulo pi/2 as r + low, and the number of quarter turns.
INLINE vd reduce_vd(vd x, vd *low, vi *quarter) {
  vd shifted = madd(x, splat_vd(TWO_OVER_PI), splat_vd(ROUNDER));
  vd k = shifted - ROUNDER;
  vd error_2, error_3, a = x - k * HALF_PI_1;
  vd b = two_sum(a, -(k * HALF_PI_2), &error_2);
  vd c = two_sum(b, -(k * HALF_PI_3), &error_3);
  vd rest = nmadd(k, splat_vd(HALF_PI_4), error_2 + error_3);
  vd r = fast_two_sum(c, rest, low);
  *quarter = (vi)shifted;
  vi huge = (vi)(abs_vd(x) > 1.6e6) & is_finite_mask(x);
  if (any(huge)) {
    for (int i = 0; i < WIDTH; i++) {
      if (huge[i] == 0) continue;
      double high_part, low_part;
      int64_t turns;
      reduce_huge(x[i], &high_part, &low_part, &turns);
      r[i] = high_part, (*low)[i] = low_part, (*quarter)[i] = turns;
    }
  }
  r = select_vd(is_finite_mask(x), r, nan_vd());
  return r;
}

INLINE vd sin_reduced(vd r, vd low) {
  vd z = r * r;
  vd correction = madd(z * r, polynomial(z, sin_tail, 6), nmadd(z * 0.5, low, low));
  return r + correction;
}
INLINE vd cos_reduced(vd r, vd low) {
  vd z = r * r, half = z * 0.5;
  vd w = 1.0 - half;
  return w + (((1.0 - w) - half) + nmadd(r, low, z * z * polynomial(z, cos_tail, 6)));
}

INLINE vi lowest_bit(vi k) { return -(k & 1); }

INLINE vd sin_vd(vd x) {
  vd low;
  vi quarter;
  vd r = reduce_vd(x, &low, &quarter);
  vd value = select_vd(lowest_bit(quarter), cos_reduced(r, low), sin_reduced(r, low));
  value = flip_sign(value, (quarter & 2) << 62);
  return select_vd((vi)(x == 0.0), x, value);
}
INLINE vd cos_vd(vd x) {
  vd low;
  vi quarter;
  vd r = reduce_vd(x, &low, &quarter);
  vd value = select_vd(lowest_bit(quarter), sin_reduced(r, low), cos_reduced(r, low));
  return flip_sign(value, ((quarter + 1) & 2) << 62);
}
INLINE vd tan_vd(vd x) {
  vd low;
  vi quarter;
  vd r = reduce_vd(x, &low, &quarter);
  vd s = sin_reduced(r, low), c = cos_reduced(r, low);
  vi odd = lowest_bit(quarter);
  vd value = select_vd(odd, -c, s) / select_vd(odd, s, c);
  return select_vd((vi)(x == 0.0), x, value);
}

/// Sine and cosine of `turns` whole turns, 0 <= turns < 2^40.
INLINE void sincos_turns(vd turns, vd *sine, vd *cosine) {
  vd quarters = turns * 4.0;
  vd shifted = quarters + ROUNDER;
  vd r = (quarters - (shifted - ROUNDER)) * HALF_PI_HIGH;
  vi quarter = (vi)shifted;
  vd z = r * r;
  vd s = madd(z * r, polynomial(z, sin_tail, 6), r);
  vd c = madd(z * z, polynomial(z, cos_tail, 6), madd(z, splat_vd(-0.5), splat_vd(1.0)));
  vi odd = lowest_bit(quarter);
  *sine = flip_sign(select_vd(odd, c, s), (quarter & 2) << 62);
  *cosine = flip_sign(select_vd(odd, s, c), ((quarter + 1) & 2) << 62);
}

/// t + t^3 P(t^2) for |t| <= tan(pi/8).
INLINE vd atan_small(vd t, vd extra) {
  vd z = t * t;
  return t + madd(z * t, polynomial(z, atan_tail, 12), extra);
}

INLINE vd atan_vd(vd x) {
  vd t = abs_vd(x);
  vi large = (vi)(t > 2.414213562373095), middle = (vi)(t > 0.41421356237309503);
  vd numerator = select_vd(large, splat_vd(-1.0), select_vd(middle, t - 1.0, t));
  vd denominator = select_vd(large, t, select_vd(middle, t + 1.0, splat_vd(1.0)));
  vd base = select_vd(large, splat_vd(HALF_PI_HIGH),
                      select_vd(middle, splat_vd(HALF_PI_HIGH / 2), splat_vd(0.0)));
  vd base_low = select_vd(large, splat_vd(HALF_PI_LOW),
                          select_vd(middle, splat_vd(HALF_PI_LOW / 2), splat_vd(0.0)));
  vd value = base + atan_small(numerator / denominator, base_low);
  return copy_sign(value, x);
}

INLINE vd atan2_vd(vd y, vd x) {
  vd a = abs_vd(y), b = abs_vd(x);
  vi steep = (vi)(a > b);
  vd larger = select_vd(steep, a, b), smaller = select_vd(steep, b, a);
  vd factor = select_vd((vi)(larger > 0x1p1000), splat_vd(0x1p-100), splat_vd(1.0));
  factor = select_vd((vi)(larger < 0x1p-900), splat_vd(0x1p100), factor);
  larger *= factor, smaller *= factor;
  vi middle = (vi)(smaller > larger * 0.41421356237309503);
  vd t = select_vd(middle, smaller - larger, smaller) /
         select_vd(middle, smaller + larger, larger);
  t = select_vd((vi)(larger == 0.0), splat_vd(0.0), t);
  vi both_infinite = (vi)(smaller == infinity_vd());
  t = select_vd(both_infinite, splat_vd(0.0), t);
  middle |= both_infinite;
  vd base = select_vd(middle, splat_vd(HALF_PI_HIGH / 2), splat_vd(0.0));
  vd base_low = select_vd(middle, splat_vd(HALF_PI_LOW / 2), splat_vd(0.0));
  vd angle = base + atan_small(t, base_low);
  angle = select_vd(steep, HALF_PI_HIGH - (angle - HALF_PI_LOW), angle);
  angle = select_vd((vi)(sign_bits(x) != 0), 2 * HALF_PI_HIGH - (angle - 2 * HALF_PI_LOW),
                    angle);
  angle = copy_sign(angle, y);
  return select_vd(is_nan_mask(x) | is_nan_mask(y), nan_vd(), angle);
}

/// The common part of asin and acos: s and asin(s) - s, with s = |x| or sqrt((1 - |x|)/2).
INLINE vd asin_core(vd magnitude, vi large, vd *rest) {
  vd half = (1.0 - magnitude) * 0.5;
  vd z = select_vd(large, half, magnitude * magnitude);
  vd s = select_vd(large, sqrt_vd(half), magnitude);
  vd error, square = two_product(s, s, &error);
  /* The square root's own error matters near 1. */
  vd lost = select_vd(large & (vi)(s > 0.0), ((half - square) - error) / (s + s), splat_vd(0.0));
  *rest = madd(z * s, polynomial(z, asin_tail, 13), lost);
  return s;
}

INLINE vd asin_vd(vd x) {
  vd magnitude = abs_vd(x);
  vi large = (vi)(magnitude > 0.5);
  vd rest, s = asin_core(magnitude, large, &rest);
  vd value = HALF_PI_HIGH - (2.0 * s + (2.0 * rest - HALF_PI_LOW));
  return copy_sign(select_vd(large, value, s + rest), x);
}

INLINE vd acos_vd(vd x) {
  vd magnitude = abs_vd(x);
  vi large = (vi)(magnitude > 0.5);
  vd rest, s = asin_core(magnitude, large, &rest);
  vd twice = 2.0 * (s + rest);
  vd from_pi = 2 * HALF_PI_HIGH - (2.0 * s + (2.0 * rest - 2 * HALF_PI_LOW));
  vd far = select_vd((vi)(x < 0.0), from_pi, twice);
  vd signed_s = copy_sign(s, x), signed_rest = flip_sign(rest, sign_bits(x));
  vd near = HALF_PI_HIGH - (signed_s + (signed_rest - HALF_PI_LOW));
  return select_vd(large, far, near);
}

INLINE vd sinh_vd(vd x) {
  vd magnitude = abs_vd(x);
  vd t = expm1_vd(select_vd((vi)(magnitude < 22.0), magnitude, splat_vd(0.0)));
  vd small = (t + t / (t + 1.0)) * 0.5;
  vd large = exp_scaled(magnitude, splat_vd(0.0), -1);
  return copy_sign(select_vd((vi)(magnitude < 22.0), small, large), x);
}
INLINE vd cosh_vd(vd x) {
  vd e = exp_scaled(abs_vd(x), splat_vd(0.0), -1);
  return e + 0.25 / e;
}
INLINE vd tanh_vd(vd x) {
  vd magnitude = at_most(abs_vd(x), 22.0);
  vi small = (vi)(magnitude < 1.0);
  vd t = expm1_vd(magnitude * select_vd(small, splat_vd(-2.0), splat_vd(2.0)));
  vd quotient = select_vd(small, -t, splat_vd(2.0)) / (t + 2.0);
  return copy_sign(select_vd(small, quotient, 1.0 - quotient), x);
}

INLINE vd hypot_vd(vd x, vd y) {
  vd a = abs_vd(x), b = abs_vd(y);
  vi swapped = (vi)(a < b);
  vd larger = select_vd(swapped, b, a), smaller = select_vd(swapped, a, b);
  vi big = (vi)(larger > 0x1p500), tiny = (vi)(larger < 0x1p-450);
  vd factor = select_vd(big, splat_vd(0x1p-600), select_vd(tiny, splat_vd(0x1p600), splat_vd(1.0)));
  vd inverse = select_vd(big, splat_vd(0x1p600), splat_vd(1.0));
  inverse = select_vd(tiny, splat_vd(0x1p-600), inverse);
  larger *= factor, smaller *= factor;
  vd error, square = two_product(larger, larger, &error);
  vd value = sqrt_vd(madd(smaller, smaller, square) + error) * inverse;
  vi infinite = (vi)(a == infinity_vd()) | (vi)(b == infinity_vd());
  value = select_vd(infinite, infinity_vd(), value);
  return select_vd(~infinite & (is_nan_mask(x) | is_nan_mask(y)), nan_vd(), value);
}

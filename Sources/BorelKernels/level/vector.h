/// Vectors of eight words and the operations that every kernel body is written in.
///
/// Included once per instruction-set level, under that level's target attribute. Elements are
/// computed by the same vector code whatever their position, so a column's tail and a single value
/// get the bits of the middle. Contraction is off; where the level fuses, `madd` does it
/// explicitly.

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

enum { WIDTH = 8 };

typedef double vd __attribute__((ext_vector_type(8)));
typedef int64_t vi __attribute__((ext_vector_type(8)));
typedef uint64_t vu __attribute__((ext_vector_type(8)));
typedef int32_t vi32 __attribute__((ext_vector_type(8)));
typedef uint32_t vu32 __attribute__((ext_vector_type(8)));

typedef vd vd_memory __attribute__((aligned(8), may_alias));
typedef vi vi_memory __attribute__((aligned(8), may_alias));
typedef vi32 vi32_memory __attribute__((aligned(4), may_alias));
typedef vu32 vu32_memory __attribute__((aligned(4), may_alias));

INLINE vd load_vd(const double *p) { return *(const vd_memory *)p; }
INLINE vi load_vi(const int64_t *p) { return *(const vi_memory *)p; }
INLINE void store_vd(double *p, vd v) { *(vd_memory *)p = v; }
INLINE void store_vi(int64_t *p, vi v) { *(vi_memory *)p = v; }
INLINE vd splat_vd(double x) { return (vd)(x); }
INLINE vi splat_vi(int64_t x) { return (vi)(x); }

/// The first `count` (1 to 7) elements; the others repeat the first, so that they fail only where
/// it fails.
#if BOREL_LEVEL == 2
INLINE vd load_part_vd(const double *p, int64_t count) {
  return (vd)_mm512_mask_loadu_pd(_mm512_set1_pd(p[0]), (__mmask8)((1u << count) - 1), p);
}
INLINE vi load_part_vi(const int64_t *p, int64_t count) {
  return (vi)_mm512_mask_loadu_epi64(_mm512_set1_epi64(p[0]), (__mmask8)((1u << count) - 1), p);
}
INLINE void store_part_vd(double *p, vd v, int64_t count) {
  _mm512_mask_storeu_pd(p, (__mmask8)((1u << count) - 1), (__m512d)v);
}
INLINE void store_part_vi(int64_t *p, vi v, int64_t count) {
  _mm512_mask_storeu_epi64(p, (__mmask8)((1u << count) - 1), (__m512i)v);
}
#else
INLINE vd load_part_vd(const double *p, int64_t count) {
  double buffer[WIDTH];
  for (int64_t i = 0; i < WIDTH; i++) buffer[i] = p[i < count ? i : 0];
  return load_vd(buffer);
}
INLINE vi load_part_vi(const int64_t *p, int64_t count) {
  int64_t buffer[WIDTH];
  for (int64_t i = 0; i < WIDTH; i++) buffer[i] = p[i < count ? i : 0];
  return load_vi(buffer);
}
INLINE void store_part_vd(double *p, vd v, int64_t count) {
  double buffer[WIDTH];
  store_vd(buffer, v);
  for (int64_t i = 0; i < count; i++) p[i] = buffer[i];
}
INLINE void store_part_vi(int64_t *p, vi v, int64_t count) {
  int64_t buffer[WIDTH];
  store_vi(buffer, v);
  for (int64_t i = 0; i < count; i++) p[i] = buffer[i];
}
#endif

/// Loads that take a whole or partial vector, or repeat one value.
INLINE vd read_vd(const double *p, int64_t i, int64_t n) {
  return n - i >= WIDTH ? load_vd(p + i) : load_part_vd(p + i, n - i);
}
INLINE vi read_vi(const int64_t *p, int64_t i, int64_t n) {
  return n - i >= WIDTH ? load_vi(p + i) : load_part_vi(p + i, n - i);
}
INLINE void write_vd(double *p, int64_t i, int64_t n, vd v) {
  if (n - i >= WIDTH) store_vd(p + i, v); else store_part_vd(p + i, v, n - i);
}
INLINE void write_vi(int64_t *p, int64_t i, int64_t n, vi v) {
  if (n - i >= WIDTH) store_vi(p + i, v); else store_part_vi(p + i, v, n - i);
}

/// Masks are -1 and 0 per element.
INLINE vd select_vd(vi mask, vd a, vd b) { return mask ? a : b; }
INLINE vi select_vi(vi mask, vi a, vi b) { return mask ? a : b; }
INLINE int any(vi mask) { return __builtin_reduce_or(mask) != 0; }
INLINE int64_t first(vi mask) {
  int64_t i = 0;
  while (i < WIDTH - 1 && mask[i] == 0) i++;
  return i;
}

#define BITS_ABS INT64_C(0x7fffffffffffffff)
#define BITS_SIGN INT64_MIN

INLINE vd abs_vd(vd x) { return (vd)((vi)x & BITS_ABS); }
INLINE vi sign_bits(vd x) { return (vi)x & BITS_SIGN; }
/// x with its sign flipped where the sign bit of `bits` is set.
INLINE vd flip_sign(vd x, vi bits) { return (vd)((vi)x ^ bits); }
INLINE vd copy_sign(vd magnitude, vd sign) {
  return (vd)(((vi)magnitude & BITS_ABS) | sign_bits(sign));
}
INLINE vi is_nan_mask(vd x) { return (vi)(x != x); }
INLINE vd infinity_vd(void) { return splat_vd(__builtin_inf()); }
INLINE vd nan_vd(void) { return splat_vd(__builtin_nan("")); }
INLINE vi is_finite_mask(vd x) { return (vi)(abs_vd(x) < infinity_vd()); }
INLINE vd sqrt_vd(vd x) { return __builtin_elementwise_sqrt(x); }

/// a * b + c: fused where the level has it.
#if BOREL_FUSED
INLINE vd madd(vd a, vd b, vd c) { return __builtin_elementwise_fma(a, b, c); }
INLINE vd nmadd(vd a, vd b, vd c) { return __builtin_elementwise_fma(-a, b, c); }
#else
INLINE vd madd(vd a, vd b, vd c) { return a * b + c; }
INLINE vd nmadd(vd a, vd b, vd c) { return c - a * b; }
#endif

/// A sum or product with its rounding error (Knuth; Dekker).
INLINE vd two_sum(vd a, vd b, vd *error) {
  vd sum = a + b;
  vd t = sum - a;
  *error = (a - (sum - t)) + (b - t);
  return sum;
}
/// Needs |a| >= |b|.
INLINE vd fast_two_sum(vd a, vd b, vd *error) {
  vd sum = a + b;
  *error = b - (sum - a);
  return sum;
}
INLINE vd two_product(vd a, vd b, vd *error) {
  vd product = a * b;
#if BOREL_FUSED
  *error = __builtin_elementwise_fma(a, b, -product);
#else
  vd ta = a * 0x1.0000002p+27, tb = b * 0x1.0000002p+27;
  vd ah = ta - (ta - a), bh = tb - (tb - b);
  vd al = a - ah, bl = b - bh;
  *error = ((ah * bh - product) + ah * bl + al * bh) + al * bl;
#endif
  return product;
}

/// The polynomial with coefficients c[0], ..., c[count - 1]: two Horner chains in x^2.
INLINE vd polynomial(vd x, const double *c, int count) {
  vd square = x * x;
  int last_even = (count - 1) & ~1, last_odd = ((count & ~1) - 1);
  vd even = splat_vd(c[last_even]), odd = splat_vd(c[last_odd]);
  UNROLL for (int i = last_even - 2; i >= 0; i -= 2) even = madd(even, square, splat_vd(c[i]));
  UNROLL for (int i = last_odd - 2; i >= 1; i -= 2) odd = madd(odd, square, splat_vd(c[i]));
  return madd(odd, x, even);
}

/// Rounding to an integer: by instruction where the level has one, else with arithmetic only
/// (|x| >= 2^52 is an integer already). The values are the same.
#if BOREL_FUSED
INLINE vd trunc_vd(vd x) { return __builtin_elementwise_trunc(x); }
INLINE vd floor_vd(vd x) { return __builtin_elementwise_floor(x); }
INLINE vd ceil_vd(vd x) { return __builtin_elementwise_ceil(x); }
#else
INLINE vd round_even_vd(vd x) {
  vd magnitude = abs_vd(x);
  vd rounded = (magnitude + 0x1p52) - 0x1p52;
  return copy_sign(select_vd((vi)(magnitude < 0x1p52), rounded, magnitude), x);
}
INLINE vd trunc_vd(vd x) {
  vd rounded = abs_vd(round_even_vd(x));
  vd magnitude = abs_vd(x);
  return copy_sign(select_vd((vi)(rounded > magnitude), rounded - 1.0, rounded), x);
}
INLINE vd floor_vd(vd x) {
  vd rounded = round_even_vd(x);
  return copy_sign(select_vd((vi)(rounded > x), rounded - 1.0, rounded), x);
}
INLINE vd ceil_vd(vd x) { return -floor_vd(-x); }
#endif
INLINE vd round_away_vd(vd x) {
  vd whole = trunc_vd(x);
  vd away = abs_vd(whole) + 1.0;
  return copy_sign(select_vd((vi)(abs_vd(x - whole) >= 0.5), away, whole), x);
}

/// Conversion of integers, exact below 2^52 in magnitude and correctly rounded beyond.
INLINE vd to_real(vi k) { return __builtin_convertvector(k, vd); }
/// Conversion of integral values with magnitude below 2^63.
INLINE vi to_int(vd x) { return __builtin_convertvector(x, vi); }

/// x for NaN and for x < limit, limit otherwise; one instruction each.
INLINE vd at_most(vd x, double limit) {
  vd bound = splat_vd(limit);
  return (vi)(bound < x) ? bound : x;
}
INLINE vd at_least(vd x, double limit) {
  vd bound = splat_vd(limit);
  return (vi)(bound > x) ? bound : x;
}

// Vectors of eight doubles through the vector extensions of GCC and Clang, with the functions and
// random numbers that the programs of this folder need.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <ctime>

namespace {

constexpr long lanes = 8;
typedef double Reals __attribute__((vector_size(64)));
typedef int64_t Integers __attribute__((vector_size(64)));
typedef uint64_t Words __attribute__((vector_size(64)));
typedef int32_t Positions __attribute__((vector_size(32)));

inline Reals all(double x) { return Reals{} + x; }

inline Reals load(const double *p) {
  Reals v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

inline void store(double *p, Reals v) { std::memcpy(p, &v, sizeof v); }

inline Words bits(Reals x) { return reinterpret_cast<Words>(x); }
inline Reals fromBits(Words x) { return reinterpret_cast<Reals>(x); }
inline Reals larger(Reals a, Reals b) { return a > b ? a : b; }

inline double sum(Reals v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

inline double largest(Reals v) {
  double result = v[0];
  for (int i = 1; i < lanes; i++) result = std::max(result, v[i]);
  return result;
}

inline Reals squareRoot(Reals v) {
  alignas(Reals) double elements[lanes];
  store(elements, v);
  for (double &x : elements) x = std::sqrt(x);
  return load(elements);
}

/// Coefficients from the highest power down.
template <int n>
inline Reals polynomial(Reals x, const double (&coefficients)[n]) {
  Reals result = all(coefficients[0]);
  for (int i = 1; i < n; i++) result = result * x + coefficients[i];
  return result;
}

/// Adding it rounds to an integer, which then is in the low bits.
constexpr double rounder = 0x1.8p52;

/// For x <= 0; far below the smallest normal number, that number.
inline Reals exponential(Reals x) {
  x = larger(x, all(-700));
  Reals shifted = x * 1.4426950408889634 + rounder;
  Reals n = shifted - rounder;
  Reals r = x - n * 6.93147180369123816490e-01 - n * 1.90821492927058770002e-10;
  // The Taylor series for |r| <= log(2) / 2.
  Reals p = polynomial(
      r, {1 / 39916800.0, 1 / 3628800.0, 1 / 362880.0, 1 / 40320.0, 1 / 5040.0, 1 / 720.0,
          1 / 120.0, 1 / 24.0, 1 / 6.0, 0.5, 1, 1});
  return fromBits(bits(p) + (bits(shifted) << 52));
}

/// For positive normal numbers. Series of atanh with s = (m - 1) / (m + 1), sqrt(1/2) < m < sqrt(2).
inline Reals logarithm(Reals x) {
  constexpr uint64_t rootOfHalf = 0x3fe6a09e667f3bcd;
  Integers exponent = reinterpret_cast<Integers>(bits(x) - rootOfHalf) >> 52;
  Reals m = fromBits(bits(x) - (reinterpret_cast<Words>(exponent) << 52));
  Reals s = (m - 1) / (m + 1);
  Reals series = polynomial(
      s * s, {2 / 19.0, 2 / 17.0, 2 / 15.0, 2 / 13.0, 2 / 11.0, 2 / 9.0, 2 / 7.0, 2 / 5.0,
              2 / 3.0, 2});
  return __builtin_convertvector(exponent, Reals) * 0.6931471805599453 + s * series;
}

/// Sine and cosine of u turns, 0 <= u < 1: Taylor series in an eighth of a turn either way.
inline void sineAndCosine(Reals u, Reals &sine, Reals &cosine) {
  Reals shifted = u * 4 + rounder;
  Words quarter = bits(shifted);
  Reals r = (u - (shifted - rounder) * 0.25) * 6.283185307179586;
  Reals z = r * r;
  Reals s = r + r * z * polynomial(
      z, {1 / 6227020800.0, -1 / 39916800.0, 1 / 362880.0, -1 / 5040.0, 1 / 120.0, -1 / 6.0});
  Reals c = polynomial(
      z, {-1 / 87178291200.0, 1 / 479001600.0, -1 / 3628800.0, 1 / 40320.0, -1 / 720.0, 1 / 24.0,
          -0.5, 1});
  auto swapped = (quarter & 1) != 0;
  Reals a = swapped ? c : s;
  Reals b = swapped ? s : c;
  sine = fromBits(bits(a) ^ ((quarter & 2) << 62));
  cosine = fromBits(bits(b) ^ (((quarter + 1) & 2) << 62));
}

/// Eight streams of xoshiro256++ (Blackman and Vigna 2021), seeded by splitmix64.
class Generator {
  Words a, b, c, d;

  static Words rotated(Words x, int n) { return (x << n) | (x >> (64 - n)); }

 public:
  explicit Generator(uint64_t seed) {
    for (Words *word : {&a, &b, &c, &d}) {
      for (int i = 0; i < lanes; i++) (*word)[i] = splitmix(seed);
    }
  }

  static uint64_t splitmix(uint64_t &state) {
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  /// Uniform on [1, 2).
  Reals next() {
    Words result = rotated(a + d, 23) + a;
    Words t = b << 17;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotated(d, 45);
    return fromBits((result >> 12) | 0x3ff0000000000000);
  }

  /// Two vectors of standard normal variates (Box and Muller 1958).
  void normals(Reals &first, Reals &second) {
    Reals radius = squareRoot(logarithm(2 - next()) * -2);
    Reals sine, cosine;
    sineAndCosine(next() - 1, sine, cosine);
    first = radius * sine;
    second = radius * cosine;
  }
};

double processorSeconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

}  // namespace

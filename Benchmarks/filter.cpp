// Bootstrap particle filters for three models, written by hand for speed: what Borel is compared
// with. The models are those of programs/filter.ppl, volatility.ppl and growth.ppl.
//
// Systematic resampling when the effective sample size falls below half of the particles. One
// thread, double precision, vectors of eight through the vector extensions of GCC and Clang.
//
//     filter MODEL OBSERVATIONS PARTICLES REPEATS
//
// MODEL is linear, volatility or growth. Reads whitespace-separated numbers and prints, for each repeat, the log evidence and the
// processor seconds that it took.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

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

/// Running sums: element i of the result is v[0] + ... + v[i].
inline Reals prefixSums(Reals v) {
  Reals zero = {};
  v += __builtin_shufflevector(zero, v, 0, 8, 9, 10, 11, 12, 13, 14);
  v += __builtin_shufflevector(zero, v, 0, 1, 8, 9, 10, 11, 12, 13);
  v += __builtin_shufflevector(zero, v, 0, 1, 2, 3, 8, 9, 10, 11);
  return v;
}

/// x[0] ~ Normal(0, 1 / sqrt(1 - 0.9^2)), x[t] ~ Normal(0.9 x[t-1], 1), y[t] ~ Normal(x[t], 1)
struct Linear {
  double y = 0;

  void step(size_t, double observation) { y = observation; }
  Reals initial(Reals z) const { return z * (1 / std::sqrt(1 - 0.9 * 0.9)); }
  Reals next(Reals x, Reals z) const { return x * 0.9 + z; }
  /// The log density without its constant.
  Reals score(Reals x) const {
    Reals difference = y - x;
    return difference * difference * -0.5;
  }
};

/// x[0] ~ Normal(-1, 0.3 / sqrt(1 - 0.95^2)), x[t] ~ Normal(0.95 x[t-1] - 0.05, 0.3),
/// y[t] ~ Normal(0, exp(x[t] / 2))
struct Volatility {
  double square = 0;

  void step(size_t, double observation) { square = observation * observation; }
  Reals initial(Reals z) const { return z * (0.3 / std::sqrt(1 - 0.95 * 0.95)) - 1; }
  Reals next(Reals x, Reals z) const { return x * 0.95 - 0.05 + z * 0.3; }
  Reals score(Reals x) const {
    // The exponential takes x <= 0 only: exp(-x) = 1 / exp(x) on the other side.
    Reals power = exponential(x < all(0) ? x : -x);
    Reals inverse = x < all(0) ? 1 / power : power;
    return (x + inverse * square) * -0.5;
  }
};

/// x[0] ~ Normal(0, 2), y[t] ~ Normal(x[t]^2 / 20, 1),
/// x[t] ~ Normal(x[t-1] / 2 + 25 x[t-1] / (1 + x[t-1]^2) + 8 cos(1.2 t), sqrt(10))
struct Growth {
  double y = 0, shift = 0;

  void step(size_t t, double observation) {
    y = observation;
    shift = 8 * std::cos(1.2 * double(t));
  }
  Reals initial(Reals z) const { return z * 2; }
  Reals next(Reals x, Reals z) const {
    return x * (0.5 + 25 / (1 + x * x)) + shift + z * 3.1622776601683795;
  }
  Reals score(Reals x) const {
    Reals difference = y - x * x * 0.05;
    return difference * difference * -0.5;
  }
};

template <class Model>
class Filter {
  long count;   // particles
  long padded;  // rounded up to two vectors
  std::vector<double> state, ancestors, logWeights, weights;
  Generator generator;
  uint64_t offsetState;
  Model model;

  /// Draws the states of a step and weights them; the largest log weight. The constant of the
  /// density is left out.
  template <bool isFirst>
  double advance(bool isResampled) {
    Reals best = all(-std::numeric_limits<double>::infinity());
    const double *from = isResampled ? ancestors.data() : state.data();
    const double kept = isFirst || isResampled ? 0 : 1;
    const Model now = model;
    for (long i = 0; i < padded; i += 2 * lanes) {
      Reals z[2];
      generator.normals(z[0], z[1]);
      for (int half = 0; half < 2; half++) {
        long j = i + half * lanes;
        Reals x = isFirst ? now.initial(z[half]) : now.next(load(&from[j]), z[half]);
        Reals weight = load(&logWeights[j]) * kept + now.score(x);
        store(&state[j], x);
        store(&logWeights[j], weight);
        best = larger(best, weight);
      }
    }
    for (long i = count; i < padded; i++) logWeights[i] = -1e300;
    return largest(best);
  }

  /// Weights relative to exp(top); their sum and the sum of their squares.
  void weigh(double top, double &total, double &squares) {
    Reals sums = {}, sumsOfSquares = {};
    for (long i = 0; i < padded; i += lanes) {
      Reals w = exponential(load(&logWeights[i]) - top);
      store(&weights[i], w);
      sums += w;
      sumsOfSquares += w * w;
    }
    total = sum(sums);
    squares = sum(sumsOfSquares);
  }

  /// Systematic resampling (Kitagawa 1996): particle i gets the places between the scaled running
  /// sums before and after it. Whole vectors are written; what is too much is written over.
  void resample(double total) {
    double u = (Generator::splitmix(offsetState) >> 11) * 0x1p-53;
    double scale = count / total;
    double before = 0;
    long place = 0;
    for (long i = 0; i < padded; i += lanes) {
      Reals running = prefixSums(load(&weights[i])) + before;
      before = running[lanes - 1];
      Reals scaled = running * scale + (1 - u);
      scaled = scaled > all(count) ? all(count) : scaled;
      Positions ends = __builtin_convertvector(scaled, Positions);
      for (int k = 0; k < lanes; k++) {
        Reals copies = all(state[i + k]);
        store(&ancestors[place], copies);
        while (__builtin_expect(place + lanes < ends[k], 0)) {
          place += lanes;
          store(&ancestors[place], copies);
        }
        place = ends[k];
      }
    }
    for (; place < count; place++) ancestors[place] = state[count - 1];
  }

 public:
  Filter(long particles, uint64_t seed)
      : count(particles),
        padded((particles + 2 * lanes - 1) / (2 * lanes) * (2 * lanes)),
        state(padded + 2 * lanes),
        ancestors(padded + 2 * lanes),
        logWeights(padded + 2 * lanes),
        weights(padded + 2 * lanes),
        generator(seed),
        offsetState(seed ^ 0x5851f42d4c957f2d) {}

  double logEvidence(const std::vector<double> &observations) {
    const double constant = 0.5 * std::log(2 * 3.141592653589793);
    double result = 0;
    double carried = 0;  // log mean weight of the last step, when its weights are kept
    bool isResampled = false;
    for (size_t t = 0; t < observations.size(); t++) {
      model.step(t, observations[t]);
      double top = t == 0 ? advance<true>(false) : advance<false>(isResampled);
      double total, squares;
      weigh(top, total, squares);
      double current = std::log(total / count) + top;
      result += current - carried - constant;
      isResampled = total * total < 0.5 * count * squares;
      carried = isResampled ? 0 : current;
      if (isResampled) resample(total);
    }
    return result;
  }
};

double processorSeconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

template <class Model>
void measure(const std::vector<double> &observations, long particles, long repeats) {
  for (long repeat = 1; repeat <= repeats; repeat++) {
    double start = processorSeconds();
    double logEvidence = Filter<Model>(particles, repeat * 977).logEvidence(observations);
    std::printf("%.9f %.9f\n", logEvidence, processorSeconds() - start);
  }
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: filter MODEL OBSERVATIONS PARTICLES REPEATS\n");
    return 2;
  }
  std::ifstream file(argv[2]);
  std::vector<double> observations;
  for (double y; file >> y;) observations.push_back(y);
  const std::string model = argv[1];
  const long particles = std::atol(argv[3]);
  const long repeats = std::atol(argv[4]);
  if (observations.empty() || particles < 1 || particles > 1'000'000'000) {
    std::fprintf(stderr, "filter: no observations, or a number of particles out of range\n");
    return 2;
  }
  if (model == "linear") measure<Linear>(observations, particles, repeats);
  else if (model == "volatility") measure<Volatility>(observations, particles, repeats);
  else if (model == "growth") measure<Growth>(observations, particles, repeats);
  else {
    std::fprintf(stderr, "filter: no model '%s'\n", model.c_str());
    return 2;
  }
}

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

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "vectors.hpp"

namespace {

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

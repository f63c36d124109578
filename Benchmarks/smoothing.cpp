// Particle smoothing and particle Gibbs, written by hand: what Borel is compared with.
//
//     smoothing paris OBSERVATIONS PARTICLES REPEATS
//
// PaRIS with two backward draws (Olsson and Westerborn 2017) on the linear model of filter.cpp,
// one particle after the other, drawn by rejection; prints, for each repeat, the smoothed sums of x[t]
// and of x[t] x[t-1], and the processor seconds.
//
//     smoothing gibbs OBSERVATIONS PARTICLES SWEEPS
//
// Conditional particle filters (Andrieu, Doucet, Holenstein 2010) on the volatility model, by
// vectors; multinomial resampling below half of the particles, paths traced along ancestors.
// Prints, for each sweep, the sum of the path, and at the end the processor seconds of all.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "vectors.hpp"

namespace {

typedef std::vector<double> Column;

/// Random numbers one by one.
class Scalars {
  Generator generator;
  double uniforms[lanes], normals[2 * lanes];
  int uniformsLeft = 0, normalsLeft = 0;

 public:
  explicit Scalars(uint64_t seed) : generator(seed) {}

  double uniform() {
    if (uniformsLeft == 0) {
      store(uniforms, generator.next() - 1);
      uniformsLeft = lanes;
    }
    return uniforms[--uniformsLeft];
  }

  double normal() {
    if (normalsLeft == 0) {
      Reals first, second;
      generator.normals(first, second);
      store(normals, first);
      store(normals + lanes, second);
      normalsLeft = 2 * lanes;
    }
    return normals[--normalsLeft];
  }
};

/// The place of a target among running sums.
long place(const Column &sums, double target) {
  long found = std::upper_bound(sums.begin(), sums.end(), target) - sums.begin();
  return std::min(found, long(sums.size()) - 1);
}

struct Smoothed {
  double states, products;
};

Smoothed paris(const Column &ys, long count, uint64_t seed) {
  const double phi = 0.9;
  Scalars random(seed);
  Column x(count), last(count), moved(count), w(count), logWeights(count), sums(count), pair(count);
  std::vector<Smoothed> statistics(count), next(count);
  for (size_t t = 0; t < ys.size(); t++) {
    last = x;
    double total = 0, squares = 0;
    bool isResampled = false;
    if (t > 0) {
      for (long i = 0; i < count; i++) {
        total += w[i];
        squares += w[i] * w[i];
        sums[i] = total;
      }
      isResampled = total * total < 0.5 * count * squares;
      moved = last;
      if (isResampled) {
        double u = random.uniform() * total / count;
        for (long i = 0, j = 0; j < count; j++) {
          while (i < count - 1 && sums[i] < u + j * total / count) i++;
          moved[j] = last[i];
        }
      }
    }
    double top = -1e300;
    for (long i = 0; i < count; i++) {
      x[i] = t > 0 ? phi * moved[i] + random.normal() : random.normal() / std::sqrt(1 - phi * phi);
      double score = -0.5 * (ys[t] - x[i]) * (ys[t] - x[i]);
      logWeights[i] = t > 0 && !isResampled ? logWeights[i] + score : score;
      top = std::max(top, logWeights[i]);
    }
    // Weights of the step before are needed for the backward draws.
    if (t == 0) {
      for (long i = 0; i < count; i++) statistics[i] = {x[i], 0};
    } else {
      for (long i = 0; i < count; i++) {
        Smoothed sum = {0, 0};
        for (int draw = 0; draw < 2; draw++) {
          long from = -1;
          for (long attempt = 0; attempt < count && from < 0; attempt++) {
            long candidate = place(sums, random.uniform() * total);
            double d = x[i] - phi * last[candidate];
            if (random.uniform() < std::exp(-0.5 * d * d)) from = candidate;
          }
          if (from < 0) {
            double running = 0;
            for (long k = 0; k < count; k++) {
              double d = x[i] - phi * last[k];
              pair[k] = running += w[k] * std::exp(-0.5 * d * d);
            }
            from = place(pair, random.uniform() * running);
          }
          sum.states += statistics[from].states + x[i];
          sum.products += statistics[from].products + last[from] * x[i];
        }
        next[i] = {sum.states / 2, sum.products / 2};
      }
      std::swap(statistics, next);
    }
    for (long i = 0; i < count; i++) w[i] = std::exp(logWeights[i] - top);
  }
  double total = 0;
  Smoothed result = {0, 0};
  for (long i = 0; i < count; i++) {
    total += w[i];
    result.states += w[i] * statistics[i].states;
    result.products += w[i] * statistics[i].products;
  }
  return {result.states / total, result.products / total};
}

/// Conditional particle filters that keep their paths.
class Gibbs {
  const Column &ys;
  long count, padded;
  Column states, weights, logWeights, moved, sums, spacings;
  std::vector<int32_t> ancestors;
  Generator generator;
  Scalars random;

  double *row(Column &column, size_t t) { return &column[t * padded]; }

  /// Ancestors of all particles but the first, whose own is the first: multinomial, by order statistics.
  void drawAncestors(double total, int32_t *into) {
    double sum = 0;
    for (long i = 0; i < padded; i += lanes) {
      store(&spacings[i], -logarithm(2 - generator.next()));
    }
    for (long i = 0; i < count; i++) spacings[i] = sum += spacings[i];
    sum -= std::log(1 - random.uniform());
    long i = 0;
    for (long j = 0; j < count; j++) {
      double target = spacings[j] / sum * total;
      while (i < count - 1 && sums[i] < target) i++;
      into[j] = int32_t(i);
    }
    into[0] = 0;
  }

 public:
  Gibbs(const Column &ys, long count)
      : ys(ys),
        count(count),
        padded((count + 2 * lanes - 1) / (2 * lanes) * (2 * lanes)),
        states(padded * ys.size()),
        weights(padded * ys.size()),
        logWeights(padded),
        moved(padded),
        sums(padded),
        spacings(padded),
        ancestors(padded * ys.size()),
        generator(41),
        random(43) {}

  void sweep(Column &path, bool isConditional) {
    bool isResampled = false;
    for (size_t t = 0; t < ys.size(); t++) {
      double *x = row(states, t), *w = row(weights, t);
      const double *from = nullptr;
      if (t > 0) {
        const double *before = row(weights, t - 1), *last = row(states, t - 1);
        int32_t *own = &ancestors[t * padded];
        double total = 0, squares = 0;
        for (long i = 0; i < count; i++) {
          total += before[i];
          squares += before[i] * before[i];
          sums[i] = total;
        }
        isResampled = total * total < 0.5 * count * squares;
        if (isResampled) {
          drawAncestors(total, own);
          for (long i = 0; i < count; i++) moved[i] = last[own[i]];
          from = moved.data();
        } else {
          for (long i = 0; i < count; i++) own[i] = int32_t(i);
          from = last;
        }
      }
      const double square = ys[t] * ys[t], kept = t > 0 && !isResampled ? 1 : 0;
      for (long i = 0; i < padded; i += 2 * lanes) {
        Reals z[2];
        generator.normals(z[0], z[1]);
        for (int half = 0; half < 2; half++) {
          long j = i + half * lanes;
          store(x + j, t > 0 ? load(from + j) * 0.95 - 0.05 + z[half] * 0.3
                             : z[half] * (0.3 / std::sqrt(1 - 0.95 * 0.95)) - 1);
        }
      }
      if (isConditional) x[0] = path[t];
      Reals best = all(-1e300);
      for (long i = 0; i < padded; i += lanes) {
        Reals state = load(x + i);
        Reals power = exponential(state < all(0) ? state : -state);
        Reals inverse = state < all(0) ? 1 / power : power;
        Reals weight = load(&logWeights[i]) * kept + (state + inverse * square) * -0.5;
        store(&logWeights[i], weight);
      }
      for (long i = count; i < padded; i++) logWeights[i] = -1e300;
      for (long i = 0; i < padded; i += lanes) best = larger(best, load(&logWeights[i]));
      double top = largest(best);
      for (long i = 0; i < padded; i += lanes) {
        store(w + i, exponential(load(&logWeights[i]) - top));
      }
    }
    trace(path);
  }

 private:
  void trace(Column &path) {
    const double *w = row(weights, ys.size() - 1);
    double total = 0;
    for (long i = 0; i < count; i++) total += w[i];
    double target = random.uniform() * total;
    long n = 0;
    for (; n < count - 1 && target > w[n]; n++) target -= w[n];
    for (size_t t = ys.size(); t-- > 0;) {
      path[t] = row(states, t)[n];
      n = ancestors[t * padded + n];
    }
  }
};

}  // namespace

int main(int argc, char **argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: smoothing paris|gibbs OBSERVATIONS PARTICLES REPEATS\n");
    return 2;
  }
  std::ifstream file(argv[2]);
  Column ys;
  for (double y; file >> y;) ys.push_back(y);
  const std::string what = argv[1];
  const long particles = std::atol(argv[3]), repeats = std::atol(argv[4]);
  if (ys.empty() || particles < 2 || particles > 1'000'000) {
    std::fprintf(stderr, "smoothing: no observations, or a number of particles out of range\n");
    return 2;
  }
  if (what == "paris") {
    for (long repeat = 1; repeat <= repeats; repeat++) {
      double start = processorSeconds();
      Smoothed result = paris(ys, particles, repeat * 977);
      std::printf("%.9f %.9f %.9f\n", result.states, result.products, processorSeconds() - start);
    }
    return 0;
  }
  if (what != "gibbs") {
    std::fprintf(stderr, "smoothing: no algorithm '%s'\n", what.c_str());
    return 2;
  }
  double start = processorSeconds();
  Gibbs gibbs(ys, particles);
  Column path(ys.size()), results;
  for (long sweep = 0; sweep < repeats; sweep++) {
    gibbs.sweep(path, sweep > 0);
    double sum = 0;
    for (double x : path) sum += x;
    results.push_back(sum);
  }
  double seconds = processorSeconds() - start;
  for (double sum : results) std::printf("%.9f\n", sum);
  std::printf("%.9f\n", seconds);
}

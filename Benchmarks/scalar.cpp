// Programs with random control flow, one execution after the other, weighted by one observation:
// what programs/geometric.ppl, recursion.ppl, walk.ppl and tree.ppl do for many lanes at once.
//
//     scalar PROGRAM RUNS SEED
//
// prints the log evidence, the posterior mean of the result and the processor seconds.

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

/// xoshiro256++ (Blackman and Vigna 2021), seeded by splitmix64.
class Generator {
  uint64_t s[4];

  static uint64_t rotated(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

 public:
  explicit Generator(uint64_t seed) {
    for (uint64_t &word : s) {
      uint64_t z = seed += 0x9e3779b97f4a7c15;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
      z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
      word = z ^ (z >> 31);
    }
  }

  double uniform() {
    uint64_t result = rotated(s[0] + s[3], 23) + s[0];
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 45);
    return (result >> 11) * 0x1p-53;
  }
};

double logNormal(double x, double mean, double sd) {
  double z = (x - mean) / sd;
  return -0.5 * z * z - std::log(sd) - 0.9189385332046727;
}

/// The result of an execution and its log weight.
struct Execution {
  double result, logWeight;
};

Execution geometric(Generator &random) {
  int n = 0;
  while (random.uniform() < 0.5) n++;
  return {double(n), logNormal(5, n, 1)};
}

int failures(Generator &random) { return random.uniform() < 0.5 ? 0 : 1 + failures(random); }

Execution recursion(Generator &random) {
  int n = failures(random);
  return {double(n), logNormal(5, n, 1)};
}

Execution walk(Generator &random) {
  double start = 3 * random.uniform();
  double position = start, distance = 0;
  while (position > 0 && distance < 10) {
    double step = 2 * random.uniform() - 1;
    distance += std::fabs(step);
    position += step;
  }
  return {start, logNormal(1.1, distance, 0.1)};
}

int depth(Generator &random) {
  if (random.uniform() < 0.6) return 1;
  int left = depth(random), right = depth(random);
  return 1 + (left > right ? left : right);
}

Execution tree(Generator &random) {
  int n = depth(random);
  return {double(n), logNormal(7, n, 0.5)};
}

template <Execution (*program)(Generator &)>
void measure(long runs, uint64_t seed) {
  clock_t start = std::clock();
  Generator random(seed);
  double total = 0, weighted = 0;
  for (long i = 0; i < runs; i++) {
    Execution execution = program(random);
    double weight = std::exp(execution.logWeight);
    total += weight;
    weighted += weight * execution.result;
  }
  double seconds = double(std::clock() - start) / CLOCKS_PER_SEC;
  std::printf("%.9f %.9f %.9f\n", std::log(total / runs), weighted / total, seconds);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: scalar PROGRAM RUNS SEED\n");
    return 2;
  }
  const long runs = std::atol(argv[2]);
  const uint64_t seed = std::strtoull(argv[3], nullptr, 10);
  if (!std::strcmp(argv[1], "geometric")) measure<geometric>(runs, seed);
  else if (!std::strcmp(argv[1], "recursion")) measure<recursion>(runs, seed);
  else if (!std::strcmp(argv[1], "walk")) measure<walk>(runs, seed);
  else if (!std::strcmp(argv[1], "tree")) measure<tree>(runs, seed);
  else {
    std::fprintf(stderr, "scalar: no program '%s'\n", argv[1]);
    return 2;
  }
}

/// Poisson, binomial and geometric draws on a lane's private stream.

#include "borel_random.h"
#include "borel_scalar.h"

#pragma STDC FP_CONTRACT OFF

/// Adds probabilities from 0 up until they pass a uniform. For rates below 10.
static int64_t poisson_by_inversion(borel_lane_random *random, double rate) {
  double u = borel_next_uniform(random);
  double term = borel_exp(-rate), sum = term;
  int64_t k = 0;
  while (u > sum && k < 1000) {
    k += 1;
    term *= rate / (double)k;
    sum += term;
  }
  return k;
}

/// Transformed rejection with squeeze, for rates from 10.
/// Source: Hormann (1993), "The transformed rejection method for generating Poisson random
/// variables", algorithm PTRS.
static int64_t poisson_by_rejection(borel_lane_random *random, double rate) {
  double log_rate = borel_log(rate);
  double b = 0.931 + 2.53 * borel_sqrt(rate);
  double a = -0.059 + 0.02483 * b;
  double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  double squeeze = 0.9277 - 3.6224 / (b - 2.0);
  while (1) {
    double u = borel_next_uniform(random) - 0.5;
    double v = borel_next_uniform(random);
    double us = 0.5 - (u < 0.0 ? -u : u);
    double position = (2.0 * a / us + b) * u + rate + 0.43;
    if (position < 0.0 || position > 9e15) continue;
    int64_t k = (int64_t)position;
    if (us >= 0.07 && v <= squeeze) return k;
    if (us < 0.013 && v > us) continue;
    double accepted = (double)k * log_rate - rate - borel_lgamma((double)k + 1.0);
    if (borel_log(v * inverse_alpha / (a / (us * us) + b)) <= accepted) return k;
  }
}

int64_t borel_draw_poisson(borel_lane_random *random, double rate) {
  if (!(rate >= 0.0 && rate <= 1e15)) return -1;
  if (rate == 0.0) return 0;
  return rate < 10.0 ? poisson_by_inversion(random, rate) : poisson_by_rejection(random, rate);
}

/// For trials * p below 10, p at most 1/2.
static int64_t binomial_by_inversion(borel_lane_random *random, int64_t trials, double p) {
  double n = (double)trials;
  double odds = p / (1.0 - p);
  double u = borel_next_uniform(random);
  double term = borel_exp(n * borel_log1p(-p)), sum = term;
  int64_t k = 0;
  while (u > sum && k < trials && k < 1000) {
    k += 1;
    term *= (n - (double)k + 1.0) / (double)k * odds;
    sum += term;
  }
  return k;
}

/// For trials * p from 10, p at most 1/2.
/// Source: Hormann (1993), "The generation of binomial random variates", algorithm BTRS.
static int64_t binomial_by_rejection(borel_lane_random *random, int64_t trials, double p) {
  double n = (double)trials;
  double deviation = borel_sqrt(n * p * (1.0 - p));
  double b = 1.15 + 2.53 * deviation;
  double a = -0.0873 + 0.0248 * b + 0.01 * p;
  double c = n * p + 0.5;
  double squeeze = 0.92 - 4.2 / b;
  double alpha = (2.83 + 5.1 / b) * deviation;
  double log_odds = borel_log(p) - borel_log1p(-p);
  double mode = (double)(int64_t)((n + 1.0) * p);
  double at_mode = borel_lgamma(mode + 1.0) + borel_lgamma(n - mode + 1.0);
  while (1) {
    double u = borel_next_uniform(random) - 0.5;
    double v = borel_next_uniform(random);
    double us = 0.5 - (u < 0.0 ? -u : u);
    double position = (2.0 * a / us + b) * u + c;
    if (position < 0.0 || position >= n + 1.0) continue;
    double k = (double)(int64_t)position;
    if (us >= 0.07 && v <= squeeze) return (int64_t)k;
    double bound = borel_log(v * alpha / (a / (us * us) + b));
    double accepted = at_mode - borel_lgamma(k + 1.0) - borel_lgamma(n - k + 1.0) +
                      (k - mode) * log_odds;
    if (bound <= accepted) return (int64_t)k;
  }
}

int64_t borel_draw_binomial(borel_lane_random *random, int64_t trials, double p) {
  if (trials < 0 || !(p >= 0.0 && p <= 1.0)) return -1;
  if (trials == 0 || p == 0.0) return 0;
  if (p == 1.0) return trials;
  double smaller = p <= 0.5 ? p : 1.0 - p;
  int64_t k = (double)trials * smaller < 10.0 ? binomial_by_inversion(random, trials, smaller)
                                             : binomial_by_rejection(random, trials, smaller);
  return p <= 0.5 ? k : trials - k;
}

int64_t borel_draw_geometric(borel_lane_random *random, double p) {
  if (!(p > 0.0 && p <= 1.0)) return -1;
  if (p == 1.0) return 0;
  double failures = borel_log(borel_next_uniform(random)) / borel_log1p(-p);
  return failures < 0x1p62 ? (int64_t)failures : INT64_C(1) << 62;
}

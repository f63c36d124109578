/// Gamma, Beta and Student t draws on a lane's private stream.

#include <float.h>

#include "borel_random.h"
#include "borel_scalar.h"

#pragma STDC FP_CONTRACT OFF

static int is_positive_finite(double x) { return x > 0.0 && x <= DBL_MAX; }

/// d (1 + c z)^3 for shape >= 1, rate 1.
/// Source: Marsaglia and Tsang (2000), "A simple method for generating gamma variables".
static double gamma_from_one(borel_lane_random *random, double shape) {
  double d = shape - 1.0 / 3.0;
  double c = 1.0 / borel_sqrt(9.0 * d);
  while (1) {
    double z = borel_next_normal(random);
    double t = 1.0 + c * z;
    if (t <= 0.0) continue;
    double v = t * t * t;
    double u = borel_next_uniform(random);
    double square = z * z;
    if (u < 1.0 - 0.0331 * square * square) return d * v;
    if (borel_log(u) < 0.5 * square + d * (1.0 - v + borel_log(v))) return d * v;
  }
}

double borel_draw_gamma(borel_lane_random *random, double shape) {
  if (!is_positive_finite(shape)) return __builtin_nan("");
  if (shape >= 1.0) return gamma_from_one(random, shape);
  return borel_exp(borel_draw_log_gamma(random, shape));
}

/// Below shape 1: G(shape) = G(shape + 1) U^(1/shape), in logs.
double borel_draw_log_gamma(borel_lane_random *random, double shape) {
  if (!is_positive_finite(shape)) return __builtin_nan("");
  if (shape >= 1.0) return borel_log(gamma_from_one(random, shape));
  double boosted = borel_log(gamma_from_one(random, shape + 1.0));
  return boosted - borel_next_exponential(random) / shape;
}

double borel_draw_beta(borel_lane_random *random, double a, double b) {
  if (!is_positive_finite(a) || !is_positive_finite(b)) return __builtin_nan("");
  double value;
  if (a >= 1.0 && b >= 1.0) {
    double x = gamma_from_one(random, a);
    double y = gamma_from_one(random, b);
    value = x / (x + y);
  } else {
    double x = borel_draw_log_gamma(random, a);
    double y = borel_draw_log_gamma(random, b);
    value = borel_logistic(x - y);
  }
  if (!(value > DBL_MIN)) return DBL_MIN;
  return value < 1.0 ? value : 1.0 - DBL_EPSILON / 2;
}

double borel_draw_student_t(borel_lane_random *random, double degrees) {
  if (!is_positive_finite(degrees)) return __builtin_nan("");
  double z = borel_next_normal(random);
  double log_mean = borel_draw_log_gamma(random, 0.5 * degrees) - borel_log(0.5 * degrees);
  return z * borel_exp(-0.5 * log_mean);
}

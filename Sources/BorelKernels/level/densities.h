/// Log-densities in two parts: `prepare_` turns parameters into constants and checks them,
/// `density_` evaluates. With uniform parameters the first part runs once; the formulas, hence the
/// bits, are the same either way.

typedef struct {
  vd q[5];
  vi bad;
} prepared;

INLINE vi positive_finite(vd x) { return (vi)(x > 0.0) & (vi)(x < infinity_vd()); }
INLINE vd outside(vi inside, vd value) { return select_vd(inside, value, -infinity_vd()); }
/// 1/x for positive x; finite, so that 0 stays 0 under it.
INLINE vd bounded_inverse(vd x) { return at_most(1.0 / x, 0x1.fffffffffffffp1023); }

INLINE void prepare_normal(vd mean, vd sd, prepared *s) {
  s->bad = ~(positive_finite(sd) & is_finite_mask(mean));
  s->q[0] = mean;
  s->q[1] = bounded_inverse(sd);
  s->q[2] = -HALF_LOG_TWO_PI - log_positive(sd);
}
INLINE vd density_normal(vd x, const prepared *s) {
  vd d = (x - s->q[0]) * s->q[1];
  return madd(d * -0.5, d, s->q[2]);
}

INLINE void prepare_lognormal(vd mean, vd sd, prepared *s) { prepare_normal(mean, sd, s); }
INLINE vd density_lognormal(vd x, const prepared *s) {
  vd logarithm = log_vd(x);
  vd value = density_normal(logarithm, s) - logarithm;
  return outside(positive_finite(x), value);
}

INLINE void prepare_exponential(vd rate, prepared *s) {
  s->bad = ~positive_finite(rate);
  s->q[0] = rate;
  s->q[1] = log_positive(rate);
}
INLINE vd density_exponential(vd x, const prepared *s) {
  return outside((vi)(x >= 0.0), nmadd(s->q[0], x, s->q[1]));
}

INLINE void prepare_laplace(vd location, vd scale, prepared *s) {
  s->bad = ~(positive_finite(scale) & is_finite_mask(location));
  s->q[0] = location;
  s->q[1] = bounded_inverse(scale);
  s->q[2] = -0x1.62e42fefa39efp-1 - log_positive(scale);
}
INLINE vd density_laplace(vd x, const prepared *s) {
  return nmadd(abs_vd(x - s->q[0]), s->q[1], s->q[2]);
}

#define LOG_PI 0x1.250d048e7a1bdp+0

INLINE void prepare_cauchy(vd location, vd scale, prepared *s) {
  s->bad = ~(positive_finite(scale) & is_finite_mask(location));
  s->q[0] = location;
  s->q[1] = bounded_inverse(scale);
  s->q[2] = -LOG_PI - log_positive(scale);
}
INLINE vd density_cauchy(vd x, const prepared *s) {
  vd d = abs_vd((x - s->q[0]) * s->q[1]);
  vi far = (vi)(d > 1e8);
  vd logarithm = select_vd(far, 2.0 * log_vd(d), log1p_vd(d * d));
  return s->q[2] - logarithm;
}

INLINE void prepare_uniform(vd low, vd high, prepared *s) {
  s->bad = ~(positive_finite(high - low) & is_finite_mask(low));
  s->q[0] = low;
  s->q[1] = high;
  s->q[2] = -log_positive(high - low);
}
INLINE vd density_uniform(vd x, const prepared *s) {
  return outside((vi)(x >= s->q[0]) & (vi)(x <= s->q[1]), s->q[2]);
}

/// For large shapes the terms of the density cancel; then it is a (log(1 + u) - u) - log x + c with
/// u = rate x/a - 1, from Stirling's formula (Loader 2000).
INLINE void prepare_gamma(vd shape, vd rate, prepared *s) {
  s->bad = ~(positive_finite(shape) & positive_finite(rate));
  s->q[0] = shape;
  s->q[1] = rate;
  vd log_shape = log_positive(shape);
  s->q[2] = madd(shape, log_positive(rate), -lgamma_positive(shape));
  vd large = select_vd((vi)(shape >= 16.0), shape, splat_vd(16.0));
  s->q[3] = madd(log_shape, splat_vd(0.5), -HALF_LOG_TWO_PI - stirling_vd(large));
}
INLINE vd density_gamma(vd x, const prepared *s) {
  vd shape = s->q[0], rate = s->q[1];
  vd logarithm = log_vd(x);
  vd value = madd(shape - 1.0, logarithm, nmadd(rate, x, s->q[2]));
  vi large = (vi)(shape >= 16.0);
  if (any(large)) {
    vd u = nmadd(splat_vd(1.0), shape, rate * x) / shape;
    vi near = large & (vi)(u > -0.5) & (vi)(u < 1.0);
    vd bounded = select_vd(near, u, splat_vd(0.0));
    vd central = madd(shape, log1p_vd(bounded) - bounded, s->q[3] - logarithm);
    value = select_vd(near, central, value);
  }
  return outside(positive_finite(x), value);
}

INLINE void prepare_beta(vd a, vd b, prepared *s) {
  s->bad = ~(positive_finite(a) & positive_finite(b));
  s->q[0] = a - 1.0;
  s->q[1] = b - 1.0;
  s->q[2] = -lbeta_vd(a, b);
}
INLINE vd density_beta(vd x, const prepared *s) {
  vi inside = (vi)(x > 0.0) & (vi)(x < 1.0);
  vd safe = select_vd(inside, x, splat_vd(0.5));
  vd value = madd(s->q[0], log_positive(safe), madd(s->q[1], log1p_vd(-safe), s->q[2]));
  return outside(inside, value);
}

INLINE void prepare_student_t(vd degrees, vd location, vd scale, prepared *s) {
  s->bad = ~(positive_finite(degrees) & positive_finite(scale) & is_finite_mask(location));
  s->q[0] = location;
  s->q[1] = bounded_inverse(scale);
  s->q[2] = madd(log_positive(degrees), splat_vd(-0.5), -log_positive(scale)) -
            lbeta_vd(splat_vd(0.5), degrees * 0.5);
  s->q[3] = (degrees + 1.0) * 0.5;
  s->q[4] = 1.0 / degrees;
}
INLINE vd density_student_t(vd x, const prepared *s) {
  vd d = (x - s->q[0]) * s->q[1];
  return nmadd(s->q[3], log1p_vd(d * d * s->q[4]), s->q[2]);
}

INLINE vi probability(vd p) { return (vi)(p >= 0.0) & (vi)(p <= 1.0); }

/// log p where x, log(1 - p) elsewhere, with the rounding error of 1 - p.
INLINE vd bernoulli_log(vi x, vd p) {
  vi hit = (vi)(x != 0);
  vd rest = 1.0 - p;
  vd chosen = select_vd(hit, p, rest);
  vd lost = select_vd(hit, splat_vd(0.0), (1.0 - rest) - p);
  vd f, k;
  log_split(chosen, &f, &k);
  return log_edges(chosen, log_finish(f, k, lost / at_least(chosen, 0x1p-1022)));
}

INLINE void prepare_geometric(vd p, prepared *s) {
  s->bad = ~(probability(p) & (vi)(p > 0.0));
  s->q[0] = log_vd(p);
  s->q[1] = log1p_vd(-p);
}
INLINE vd density_geometric(vi x, const prepared *s) {
  vd k = to_real(x);
  vd failures = select_vd((vi)(x == 0), splat_vd(0.0), k * s->q[1]);
  return outside((vi)(x >= 0), failures + s->q[0]);
}

/// k (log(e/k) - (e - k)/k): minus the deviance part of a Poisson log-density (Loader 2000).
INLINE vd deviance_vd(vd k, vd expected, vd log_expected, vd log_k) {
  vd u = (expected - k) / k;
  vi near = (vi)(u > -0.5) & (vi)(u < 1.0);
  vd bounded = select_vd(near, u, splat_vd(0.0));
  vd central = k * (log1p_vd(bounded) - bounded);
  vd far = k * (log_expected - log_k) - (expected - k);
  return select_vd(near, central, far);
}

INLINE void prepare_poisson(vd rate, prepared *s) {
  s->bad = ~((vi)(rate >= 0.0) & is_finite_mask(rate));
  s->q[0] = rate;
  s->q[1] = log_vd(rate);
}
INLINE vd density_poisson(vi x, const prepared *s) {
  vd k = to_real(x), rate = s->q[0];
  vd large_k = at_least(k, 3.0);
  vd log_k = log_positive(large_k);
  vd large = deviance_vd(large_k, rate, s->q[1], log_k) - stirling_vd(large_k) -
             madd(log_k, splat_vd(0.5), splat_vd(HALF_LOG_TWO_PI));
  vd none = -rate;
  vd one = s->q[1] - rate;
  vd two = madd(s->q[1], splat_vd(2.0), -rate) - 0x1.62e42fefa39efp-1;
  vd value = select_vd((vi)(x == 0), none, select_vd((vi)(x == 1), one, two));
  value = select_vd((vi)(x >= 3), large, value);
  return outside((vi)(x >= 0), value);
}

/// Stirling's remainder at an integer from 1.
INLINE vd stirling_count(vd k) {
  vd small = select_vd((vi)(k == 1.0), splat_vd(0x1.4c071bcda0a5bp-4),
                       splat_vd(0x1.52a9b923ea648p-5));
  return select_vd((vi)(k >= 3.0), stirling_vd(at_least(k, 3.0)), small);
}

INLINE void prepare_binomial(vd trials, vd p, prepared *s) {
  s->bad = ~(probability(p) & (vi)(trials >= 0.0));
  s->q[0] = trials;
  s->q[1] = p;
  s->q[2] = log_vd(p);
  s->q[3] = log1p_vd(-p);
  s->q[4] = stirling_count(at_least(trials, 1.0));
}
INLINE vd density_binomial(vi x, const prepared *s) {
  vd k = to_real(x), n = s->q[0], p = s->q[1];
  vd rest = n - k;
  vi inside = (vi)(k >= 0.0) & (vi)(rest >= 0.0);
  vi interior = (vi)(k > 0.0) & (vi)(rest > 0.0);
  vd hits = select_vd(interior, k, splat_vd(1.0));
  vd misses = select_vd(interior, rest, splat_vd(1.0));
  vd total = select_vd(interior, n, splat_vd(2.0));
  vd log_total = log_positive(total), log_hits = log_positive(hits);
  vd log_misses = log_positive(misses);
  vd value = deviance_vd(hits, total * p, log_total + s->q[2], log_hits) +
             deviance_vd(misses, total * (1.0 - p), log_total + s->q[3], log_misses);
  value += s->q[4] - stirling_count(hits) - stirling_count(misses);
  value += 0.5 * (log_total - log_hits - log_misses) - HALF_LOG_TWO_PI;
  value = select_vd((vi)(p == 0.0) | (vi)(p == 1.0), -infinity_vd(), value);
  vd none = n * s->q[3], all = n * s->q[2];
  value = select_vd((vi)(rest == 0.0), all, value);
  value = select_vd((vi)(k == 0.0), none, value);
  value = select_vd((vi)(n == 0.0), splat_vd(0.0), value);
  return outside(inside, value);
}

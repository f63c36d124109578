/// Loops that add log-densities to log-weights.

INLINE void add_score(double *logw, int64_t i, int64_t n, vd value, int set) {
  if (!set) value += read_vd(logw, i, n);
  write_vd(logw, i, n, value);
}
INLINE vi invalid_vd(vd x) { return is_nan_mask(x); }
INLINE vi invalid_vi(vi x) { return x & 0; }

/// The loop for X-valued families. READ_PARAMETERS(i) prepares `state` from element i on;
/// `parameter_mask` holds the uniform bits of the parameters.
#define SCORE_LOOP(X, family, parameter_mask, PREPARE_AT)                                          \
  if (n <= 0) return -1;                                                                           \
  prepared state;                                                                                  \
  X one_x = splat_##X(*x);                                                                         \
  int fixed = (uniform & (parameter_mask)) == (parameter_mask);                                    \
  PREPARE_AT(0, 1);                                                                                \
  if (fixed && any(state.bad)) return 0;                                                           \
  int64_t i = 0;                                                                                   \
  if (fixed && !(uniform & 1)) {                                                                   \
    for (; i + WIDTH <= n; i += WIDTH) {                                                           \
      X value = load_##X(x + i);                                                                   \
      vi bad = invalid_##X(value);                                                                 \
      if (__builtin_expect(any(bad), 0)) return i + first(bad);                                    \
      vd score = density_##family(value, &state);                                                  \
      store_vd(logw + i, set ? score : load_vd(logw + i) + score);                                 \
    }                                                                                              \
  }                                                                                                \
  for (; i < n; i += WIDTH) {                                                                      \
    X value = uniform & 1 ? one_x : read_##X(x, i, n);                                             \
    if (!fixed) { PREPARE_AT(i, n); }                                                              \
    vi bad = invalid_##X(value) | state.bad;                                                       \
    if (__builtin_expect(any(bad), 0)) return i + first(bad);                                      \
    add_score(logw, i, n, density_##family(value, &state), set);                                   \
  }                                                                                                \
  return -1

#define PARAMETER(T, p, bit, i, n) ((uniform & (bit)) ? splat_##T(*p) : read_##T(p, i, n))

#define SCORE_1(family, X)                                                                         \
  static int64_t score_##family(int64_t n, double *logw, const SCALAR_##X *x, const double *p,     \
                                uint32_t uniform, int set) {                                       \
    SCORE_LOOP(X, family, 2u, PREPARE_1_##family);                                                 \
  }
#define SCORE_2(family, X, P)                                                                      \
  static int64_t score_##family(int64_t n, double *logw, const SCALAR_##X *x, const SCALAR_##P *p, \
                                const double *q, uint32_t uniform, int set) {                      \
    SCORE_LOOP(X, family, 6u, PREPARE_2_##family);                                                 \
  }

#define PREPARE_1(family, i, n) prepare_##family(PARAMETER(vd, p, 2u, i, n), &state)
#define PREPARE_2(family, i, n)                                                                    \
  prepare_##family(PARAMETER(vd, p, 2u, i, n), PARAMETER(vd, q, 4u, i, n), &state)

#define PREPARE_1_exponential(i, n) PREPARE_1(exponential, i, n)
#define PREPARE_1_bernoulli(i, n) PREPARE_1(bernoulli, i, n)
#define PREPARE_1_geometric(i, n) PREPARE_1(geometric, i, n)
#define PREPARE_1_poisson(i, n) PREPARE_1(poisson, i, n)
#define PREPARE_2_normal(i, n) PREPARE_2(normal, i, n)
#define PREPARE_2_lognormal(i, n) PREPARE_2(lognormal, i, n)
#define PREPARE_2_laplace(i, n) PREPARE_2(laplace, i, n)
#define PREPARE_2_cauchy(i, n) PREPARE_2(cauchy, i, n)
#define PREPARE_2_uniform(i, n) PREPARE_2(uniform, i, n)
#define PREPARE_2_gamma(i, n) PREPARE_2(gamma, i, n)
#define PREPARE_2_beta(i, n) PREPARE_2(beta, i, n)
#define PREPARE_2_binomial(i, n)                                                                   \
  prepare_binomial(to_real(PARAMETER(vi, p, 2u, i, n)), PARAMETER(vd, q, 4u, i, n), &state)
#define PREPARE_3_student_t(i, n)                                                                  \
  prepare_student_t(PARAMETER(vd, p, 2u, i, n), PARAMETER(vd, q, 4u, i, n),                        \
                    PARAMETER(vd, r, 8u, i, n), &state)

SCORE_1(exponential, vd)
SCORE_1(bernoulli, vi)
SCORE_1(geometric, vi)
SCORE_1(poisson, vi)
SCORE_2(normal, vd, vd)
SCORE_2(lognormal, vd, vd)
SCORE_2(laplace, vd, vd)
SCORE_2(cauchy, vd, vd)
SCORE_2(uniform, vd, vd)
SCORE_2(gamma, vd, vd)
SCORE_2(beta, vd, vd)
SCORE_2(binomial, vi, vi)

static int64_t score_student_t(int64_t n, double *logw, const double *x, const double *p,
                               const double *q, const double *r, uint32_t uniform, int set) {
  SCORE_LOOP(vd, student_t, 14u, PREPARE_3_student_t);
}

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

/// Families whose first parameter is a location, q[0]: with one scale the rest is prepared once,
/// whatever the location. The check of x and location waits until a score is not finite.
#define LOCATION_STEP(family, read, write)                                                         \
  vd value = one_x ? fixed_x : read(x);                                                            \
  state.q[0] = one_location ? fixed_location : read(location);                                     \
  vd score = density_##family(value, &state);                                                      \
  if (__builtin_expect(any(~(vi)(score > -infinity_vd())), 0)) {                                   \
    vi bad = is_nan_mask(value) | ~is_finite_mask(state.q[0]);                                     \
    if (any(bad)) return i + first(bad);                                                           \
  }                                                                                                \
  write(set ? score : read(logw) + score)

#define READ_WHOLE(p) load_vd(p + i)
#define READ_PART(p) load_part_vd(p + i, n - i)
#define WRITE_WHOLE(v) store_vd(logw + i, v)
#define WRITE_PART(v) store_part_vd(logw + i, v, n - i)

#define LOCATION_LOOP(family)                                                                      \
  INLINE int64_t location_loop_##family(int64_t n, double *logw, const double *x,                  \
                                        const double *location, prepared state, int one_x,         \
                                        int one_location, int set) {                               \
    vd fixed_x = splat_vd(*x), fixed_location = splat_vd(*location);                               \
    int64_t i = 0;                                                                                 \
    for (; i + WIDTH <= n; i += WIDTH) {                                                           \
      LOCATION_STEP(family, READ_WHOLE, WRITE_WHOLE);                                              \
    }                                                                                              \
    if (i < n) {                                                                                   \
      LOCATION_STEP(family, READ_PART, WRITE_PART);                                                \
    }                                                                                              \
    return -1;                                                                                     \
  }

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

/// One loop per combination of column and value, for one scale.
#define LOCATION_SCORE(family)                                                                     \
  LOCATION_LOOP(family)                                                                            \
  static int64_t score_columns_##family(int64_t n, double *logw, const double *x, const double *p, \
                                        const double *q, uint32_t uniform, int set) {              \
    SCORE_LOOP(vd, family, 6u, PREPARE_2_##family);                                                \
  }                                                                                                \
  static int64_t score_##family(int64_t n, double *logw, const double *x, const double *p,         \
                                const double *q, uint32_t uniform, int set) {                      \
    if (!(uniform & 4)) return score_columns_##family(n, logw, x, p, q, uniform, set);             \
    if (n <= 0) return -1;                                                                         \
    prepared state;                                                                                \
    prepare_##family(splat_vd(0.0), splat_vd(*q), &state);                                         \
    if (any(state.bad)) return 0;                                                                  \
    switch ((uniform & 3) | (set ? 4 : 0)) {                                                       \
    case 0: return location_loop_##family(n, logw, x, p, state, 0, 0, 0);                          \
    case 1: return location_loop_##family(n, logw, x, p, state, 1, 0, 0);                          \
    case 2: return location_loop_##family(n, logw, x, p, state, 0, 1, 0);                          \
    case 4: return location_loop_##family(n, logw, x, p, state, 0, 0, 1);                          \
    case 5: return location_loop_##family(n, logw, x, p, state, 1, 0, 1);                          \
    case 6: return location_loop_##family(n, logw, x, p, state, 0, 1, 1);                          \
    default: return location_loop_##family(n, logw, x, p, state, 1, 1, set);                       \
    }                                                                                              \
  }

SCORE_1(exponential, vd)
SCORE_1(geometric, vi)
SCORE_1(poisson, vi)

/// With a column of p only the logarithm that x needs is taken.
static int64_t score_bernoulli(int64_t n, double *logw, const int64_t *x, const double *p,
                               uint32_t uniform, int set) {
  if (n <= 0) return -1;
  int one_x = uniform & 1, one_p = uniform & 2;
  vi fixed_x = splat_vi(*x);
  vd fixed_p = splat_vd(*p);
  vd log_hit = bernoulli_log(splat_vi(1), fixed_p), log_miss = bernoulli_log(splat_vi(0), fixed_p);
  if (one_p && any(~probability(fixed_p))) return 0;
  for (int64_t i = 0; i < n; i += WIDTH) {
    vi value = one_x ? fixed_x : read_vi(x, i, n);
    vd score = select_vd((vi)(value != 0), log_hit, log_miss);
    if (!one_p) {
      vd probabilities = read_vd(p, i, n);
      vi bad = ~probability(probabilities);
      if (__builtin_expect(any(bad), 0)) return i + first(bad);
      score = bernoulli_log(value, probabilities);
    }
    add_score(logw, i, n, score, set);
  }
  return -1;
}
LOCATION_SCORE(normal)
LOCATION_SCORE(lognormal)
LOCATION_SCORE(laplace)
LOCATION_SCORE(cauchy)
SCORE_2(uniform, vd, vd)
SCORE_2(gamma, vd, vd)
SCORE_2(beta, vd, vd)
SCORE_2(binomial, vi, vi)

static int64_t score_student_t(int64_t n, double *logw, const double *x, const double *p,
                               const double *q, const double *r, uint32_t uniform, int set) {
  SCORE_LOOP(vd, student_t, 14u, PREPARE_3_student_t);
}

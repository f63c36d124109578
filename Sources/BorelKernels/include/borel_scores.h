#ifndef BOREL_SCORES_H
#define BOREL_SCORES_H

#include <stdint.h>

/// Log-density kernels: logw += log density (natural logarithm) of x, or logw = ... when `set` is
/// not 0. -infinity outside the support. Bit 0 of `uniform`: one x; bit k: one k-th parameter.
///
/// Returns -1, or the index of the first element whose parameters are outside their domain or
/// whose x is NaN; log-weights from the block of 8 around that element on are then not written.
/// No kernel writes NaN unless logw already held NaN or +infinity.
///
/// Real families with an open support ((0, infinity) for gamma and lognormal, (0, 1) for beta) give
/// -infinity at its ends. exponential includes 0. Parameters are finite.

#define BOREL_SCORE_LIST_REAL_1(X) X(exponential)
#define BOREL_SCORE_LIST_REAL_2(X)                                                                 \
  X(normal) X(lognormal) X(laplace) X(cauchy) X(uniform) X(gamma) X(beta)
#define BOREL_SCORE_LIST_REAL_3(X) X(student_t)
#define BOREL_SCORE_LIST_INT_1(X) X(bernoulli) X(poisson) X(geometric)

/// rate > 0.
int64_t borel_score_exponential(int64_t n, double *logw, const double *x, const double *rate,
                                uint32_t uniform, int set);
/// sd > 0.
int64_t borel_score_normal(int64_t n, double *logw, const double *x, const double *mean,
                           const double *sd, uint32_t uniform, int set);
/// log x is normal with this mean and sd > 0.
int64_t borel_score_lognormal(int64_t n, double *logw, const double *x, const double *mean,
                              const double *sd, uint32_t uniform, int set);
/// scale > 0.
int64_t borel_score_laplace(int64_t n, double *logw, const double *x, const double *location,
                            const double *scale, uint32_t uniform, int set);
/// scale > 0.
int64_t borel_score_cauchy(int64_t n, double *logw, const double *x, const double *location,
                           const double *scale, uint32_t uniform, int set);
/// low < high; both ends belong to the support.
int64_t borel_score_uniform(int64_t n, double *logw, const double *x, const double *low,
                            const double *high, uint32_t uniform, int set);
/// shape > 0, rate > 0.
int64_t borel_score_gamma(int64_t n, double *logw, const double *x, const double *shape,
                          const double *rate, uint32_t uniform, int set);
/// a > 0, b > 0.
int64_t borel_score_beta(int64_t n, double *logw, const double *x, const double *a,
                         const double *b, uint32_t uniform, int set);
/// degrees > 0, scale > 0.
int64_t borel_score_student_t(int64_t n, double *logw, const double *x, const double *degrees,
                              const double *location, const double *scale, uint32_t uniform,
                              int set);
/// x is Bool (0 or not 0), p in [0, 1].
int64_t borel_score_bernoulli(int64_t n, double *logw, const int64_t *x, const double *p,
                              uint32_t uniform, int set);
/// rate >= 0.
int64_t borel_score_poisson(int64_t n, double *logw, const int64_t *x, const double *rate,
                            uint32_t uniform, int set);
/// Failures before the first success, p in (0, 1].
int64_t borel_score_geometric(int64_t n, double *logw, const int64_t *x, const double *p,
                              uint32_t uniform, int set);
/// trials >= 0, p in [0, 1].
int64_t borel_score_binomial(int64_t n, double *logw, const int64_t *x, const int64_t *trials,
                             const double *p, uint32_t uniform, int set);

#endif

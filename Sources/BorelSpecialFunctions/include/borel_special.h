#ifndef BOREL_SPECIAL_H
#define BOREL_SPECIAL_H

#include <stdint.h>

/// Special functions of one lane, from Boost.Math in double precision. Arguments outside the domain
/// give NaN, overflow gives infinity; nothing throws.

#ifdef __cplusplus
extern "C" {
#endif

/// Regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 - P(a, x), a > 0, x >= 0, and
/// their inverses in x. The logarithms stay finite where the functions underflow.
double borel_sf_gamma_p(double a, double x);
double borel_sf_gamma_q(double a, double x);
double borel_sf_log_gamma_p(double a, double x);
double borel_sf_log_gamma_q(double a, double x);
double borel_sf_gamma_p_inv(double a, double p);
double borel_sf_gamma_q_inv(double a, double q);

/// Regularised incomplete beta function I_x(a, b), its complement, their logarithms (finite where
/// the functions underflow) and their inverses in x; a, b > 0, x in [0, 1].
double borel_sf_ibeta(double a, double b, double x);
double borel_sf_ibetac(double a, double b, double x);
double borel_sf_log_ibeta(double a, double b, double x);
double borel_sf_log_ibetac(double a, double b, double x);
double borel_sf_ibeta_inv(double a, double b, double p);
double borel_sf_ibetac_inv(double a, double b, double q);

/// Inverses of erf on (-1, 1) and erfc on (0, 2).
double borel_sf_erf_inv(double p);
double borel_sf_erfc_inv(double q);
/// Owen's T function.
double borel_sf_owens_t(double h, double a);

/// log |Gamma(x)|, with the sign of Gamma(x) in *sign (1 or -1).
double borel_sf_lgamma(double x, int *sign);
double borel_sf_digamma(double x);
double borel_sf_trigamma(double x);
double borel_sf_polygamma(int order, double x);
/// Riemann's zeta, x != 1.
double borel_sf_zeta(double x);

/// Modified Bessel functions of the first kind; `log_bessel_i0` does not overflow, and
/// `bessel_i1_i0` is the ratio I1(x)/I0(x) (the mean resultant length of a von Mises distribution).
double borel_sf_bessel_i0(double x);
double borel_sf_bessel_i1(double x);
double borel_sf_log_bessel_i0(double x);
double borel_sf_bessel_i1_i0(double x);
/// Of real order, first and second kind, x >= 0.
double borel_sf_bessel_i(double order, double x);
double borel_sf_bessel_k(double order, double x);

/// Student's t with location 0 and scale 1: P(T <= t) and the inverse.
double borel_sf_student_t_cdf(double degrees, double t);
double borel_sf_student_t_quantile(double degrees, double p);

/// P(X <= k) and P(X > k) of discrete distributions; k may be any real, counts are in doubles.
double borel_sf_poisson_cdf(double rate, double k);
double borel_sf_poisson_survival(double rate, double k);
double borel_sf_binomial_cdf(double trials, double p, double k);
double borel_sf_binomial_survival(double trials, double p, double k);
/// Failures before the r-th success, r > 0 real.
double borel_sf_negative_binomial_cdf(double r, double p, double k);
double borel_sf_negative_binomial_survival(double r, double p, double k);
/// Successes among `draws` without replacement from `total` items of which `marked` are successes.
double borel_sf_hypergeometric_cdf(int64_t total, int64_t marked, int64_t draws, int64_t k);
double borel_sf_hypergeometric_survival(int64_t total, int64_t marked, int64_t draws, int64_t k);

#ifdef __cplusplus
}
#endif

#endif

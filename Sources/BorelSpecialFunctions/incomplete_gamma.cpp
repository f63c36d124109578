#include "borel_special.h"
#include "policy.hpp"

#include <boost/math/special_functions/gamma.hpp>

using namespace borel;

namespace {

double gamma_p(double a, double x) {
  if (!is_positive(a) || !(x >= 0)) return not_a_number;
  if (x == infinity) return 1;
  return guarded([=] { return boost::math::gamma_p(a, x, Policy()); });
}

double gamma_q(double a, double x) {
  if (!is_positive(a) || !(x >= 0)) return not_a_number;
  if (x == infinity) return 0;
  return guarded([=] { return boost::math::gamma_q(a, x, Policy()); });
}

/// a log x - x - log Gamma(a).
double log_prefix(double a, double x) {
  return guarded([=] { return a * std::log(x) - x - boost::math::lgamma(a, Policy()); });
}

constexpr double smallest_trusted = 1e-290;

}  // namespace

double borel_sf_gamma_p(double a, double x) { return gamma_p(a, x); }
double borel_sf_gamma_q(double a, double x) { return gamma_q(a, x); }

/// Below the trusted range by the power series, which then converges at once.
/// Source: DLMF 8.11.4.
double borel_sf_log_gamma_p(double a, double x) {
  double p = gamma_p(a, x);
  if (!(p < smallest_trusted) || x == 0) return p > 0.5 ? std::log1p(-gamma_q(a, x)) : std::log(p);
  double term = 1, sum = 1;
  for (int n = 1; n < 10000 && term > sum * 1e-17; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return log_prefix(a, x) - std::log(a) + std::log(sum);
}

/// Below the trusted range by the continued fraction (modified Lentz). Source: DLMF 8.9.2.
double borel_sf_log_gamma_q(double a, double x) {
  double q = gamma_q(a, x);
  if (!(q < smallest_trusted) || x == infinity) {
    return q > 0.5 ? std::log1p(-gamma_p(a, x)) : std::log(q);
  }
  double b = x + 1 - a, c = 1e300, d = 1 / b, fraction = d;
  for (int n = 1; n < 10000; n++) {
    double numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    double step = c * d;
    fraction *= step;
    if (std::abs(step - 1) < 1e-16) break;
  }
  return log_prefix(a, x) + std::log(fraction);
}

double borel_sf_gamma_p_inv(double a, double p) {
  if (!is_positive(a) || !(p >= 0 && p <= 1)) return not_a_number;
  if (p == 1) return infinity;
  return guarded([=] { return boost::math::gamma_p_inv(a, p, Policy()); });
}

double borel_sf_gamma_q_inv(double a, double q) {
  if (!is_positive(a) || !(q >= 0 && q <= 1)) return not_a_number;
  if (q == 0) return infinity;
  return guarded([=] { return boost::math::gamma_q_inv(a, q, Policy()); });
}

double borel_sf_lgamma(double x, int *sign) {
  *sign = 1;
  return guarded([=] { return boost::math::lgamma(x, sign, Policy()); });
}

double borel_sf_poisson_cdf(double rate, double k) {
  if (!(rate >= 0 && rate < infinity) || std::isnan(k)) return not_a_number;
  if (k < 0) return 0;
  return k == infinity ? 1 : gamma_q(std::floor(k) + 1, rate);
}

double borel_sf_poisson_survival(double rate, double k) {
  if (!(rate >= 0 && rate < infinity) || std::isnan(k)) return not_a_number;
  if (k < 0) return 1;
  return k == infinity ? 0 : gamma_p(std::floor(k) + 1, rate);
}

#include "borel_special.h"
#include "policy.hpp"

#include <boost/math/special_functions/beta.hpp>

using namespace borel;

namespace {

bool is_domain(double a, double b, double x) {
  return is_positive(a) && is_positive(b) && x >= 0 && x <= 1;
}

double ibeta(double a, double b, double x) {
  if (!is_domain(a, b, x)) return not_a_number;
  return guarded([=] { return boost::math::ibeta(a, b, x, Policy()); });
}

double ibetac(double a, double b, double x) {
  if (!is_domain(a, b, x)) return not_a_number;
  return guarded([=] { return boost::math::ibetac(a, b, x, Policy()); });
}

constexpr double smallest_trusted = 1e-290;

/// log I_x(a, b) far in the lower tail, with y = 1 - x: x^a y^b / (a B(a, b)) times a series.
/// Source: DLMF 8.17.8.
double log_lower_tail(double a, double b, double x, double y) {
  return guarded([=] {
    double term = 1, sum = 1;
    for (int n = 0; n < 10000 && term > sum * 1e-17; n++) {
      term *= (a + b + n) / (a + 1 + n) * x;
      sum += term;
    }
    double log_beta = boost::math::lgamma(a, Policy()) + boost::math::lgamma(b, Policy()) -
                      boost::math::lgamma(a + b, Policy());
    double log_y = y > 0.5 ? std::log1p(-x) : std::log(y);
    return a * std::log(x) + b * log_y - std::log(a) - log_beta + std::log(sum);
  });
}

}  // namespace

double borel_sf_ibeta(double a, double b, double x) { return ibeta(a, b, x); }
double borel_sf_ibetac(double a, double b, double x) { return ibetac(a, b, x); }

double borel_sf_log_ibeta(double a, double b, double x) {
  double p = ibeta(a, b, x);
  if (p < smallest_trusted && x > 0) return log_lower_tail(a, b, x, 1 - x);
  return p > 0.5 ? std::log1p(-ibetac(a, b, x)) : std::log(p);
}

double borel_sf_log_ibetac(double a, double b, double x) {
  double q = ibetac(a, b, x);
  if (q < smallest_trusted && x < 1) return log_lower_tail(b, a, 1 - x, x);
  return q > 0.5 ? std::log1p(-ibeta(a, b, x)) : std::log(q);
}

double borel_sf_ibeta_inv(double a, double b, double p) {
  if (!is_domain(a, b, p)) return not_a_number;
  return guarded([=] { return boost::math::ibeta_inv(a, b, p, Policy()); });
}

double borel_sf_ibetac_inv(double a, double b, double q) {
  if (!is_domain(a, b, q)) return not_a_number;
  return guarded([=] { return boost::math::ibetac_inv(a, b, q, Policy()); });
}

/// By the beta form on the side where the argument does not cancel.
double borel_sf_student_t_cdf(double degrees, double t) {
  if (!(degrees > 0) || std::isnan(t)) return not_a_number;
  if (degrees == infinity) return 0.5 * std::erfc(-t / std::sqrt(2.0));
  if (std::isinf(t)) return t > 0 ? 1 : 0;
  double square = t * t;
  double tail = square < degrees
                    ? ibetac(0.5, degrees / 2, square / (degrees + square)) / 2
                    : ibeta(degrees / 2, 0.5, degrees / (degrees + square)) / 2;
  return t < 0 ? tail : 1 - tail;
}

double borel_sf_student_t_quantile(double degrees, double p) {
  if (!is_positive(degrees) || !(p >= 0 && p <= 1)) return not_a_number;
  if (p == 0 || p == 1) return p == 0 ? -infinity : infinity;
  if (p == 0.5) return 0;
  double tail = p < 0.5 ? p : 1 - p;
  return guarded([=] {
    double complement = 0;
    double x = boost::math::ibeta_inv(degrees / 2, 0.5, 2 * tail, &complement, Policy());
    double t = std::sqrt(degrees * (complement / x));
    return p < 0.5 ? -t : t;
  });
}

double borel_sf_binomial_cdf(double trials, double p, double k) {
  if (!(trials >= 0) || !(p >= 0 && p <= 1) || std::isnan(k)) return not_a_number;
  if (k < 0) return 0;
  return k >= trials ? 1 : ibetac(std::floor(k) + 1, trials - std::floor(k), p);
}

double borel_sf_binomial_survival(double trials, double p, double k) {
  if (!(trials >= 0) || !(p >= 0 && p <= 1) || std::isnan(k)) return not_a_number;
  if (k < 0) return 1;
  return k >= trials ? 0 : ibeta(std::floor(k) + 1, trials - std::floor(k), p);
}

double borel_sf_negative_binomial_cdf(double r, double p, double k) {
  if (!is_positive(r) || !(p > 0 && p <= 1) || std::isnan(k)) return not_a_number;
  if (k < 0) return 0;
  return k == infinity ? 1 : ibeta(r, std::floor(k) + 1, p);
}

double borel_sf_negative_binomial_survival(double r, double p, double k) {
  if (!is_positive(r) || !(p > 0 && p <= 1) || std::isnan(k)) return not_a_number;
  if (k < 0) return 1;
  return k == infinity ? 0 : ibetac(r, std::floor(k) + 1, p);
}

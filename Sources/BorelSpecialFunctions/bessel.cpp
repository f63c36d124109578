#include "borel_special.h"
#include "policy.hpp"

#include <boost/math/special_functions/bessel.hpp>

using namespace borel;

namespace {

double bessel_i(double order, double x) {
  return guarded([=] { return boost::math::cyl_bessel_i(order, x, Policy()); });
}

constexpr double two_pi = 6.283185307179586477;

/// sqrt(2 pi x) exp(-x) I_order(x) for x >= 500. Source: DLMF 10.40.1.
double scaled_asymptotic(double order, double x) {
  double mu = 4 * order * order, term = 1, sum = 1;
  for (int k = 1; k < 12; k++) {
    double odd = 2 * k - 1;
    term *= -(mu - odd * odd) / (k * 8 * x);
    sum += term;
  }
  return sum;
}

}  // namespace

double borel_sf_bessel_i0(double x) { return bessel_i(0.0, std::abs(x)); }

double borel_sf_bessel_i1(double x) {
  double value = bessel_i(1.0, std::abs(x));
  return x < 0 ? -value : value;
}

double borel_sf_log_bessel_i0(double x) {
  double t = std::abs(x);
  if (t < 1) {
    double quarter = t * t / 4, term = 1, sum = 0;
    for (int k = 1; k < 15; k++) {
      term *= quarter / (double(k) * k);
      sum += term;
    }
    return std::log1p(sum);
  }
  if (t < 500) return std::log(bessel_i(0.0, t));
  if (t == infinity) return infinity;
  return t - 0.5 * std::log(two_pi * t) + std::log(scaled_asymptotic(0, t));
}

double borel_sf_bessel_i1_i0(double x) {
  double t = std::abs(x);
  double ratio = t < 500           ? bessel_i(1.0, t) / bessel_i(0.0, t)
                 : t == infinity ? 1.0
                                 : scaled_asymptotic(1, t) / scaled_asymptotic(0, t);
  return x < 0 ? -ratio : ratio;
}

double borel_sf_bessel_i(double order, double x) {
  if (!(x >= 0)) return not_a_number;
  return bessel_i(order, x);
}

double borel_sf_bessel_k(double order, double x) {
  if (!(x >= 0)) return not_a_number;
  if (x == 0) return infinity;
  return guarded([=] { return boost::math::cyl_bessel_k(order, x, Policy()); });
}

#include "borel_special.h"
#include "policy.hpp"

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/owens_t.hpp>
#include <boost/math/special_functions/polygamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <boost/math/special_functions/zeta.hpp>

using namespace borel;

double borel_sf_erf_inv(double p) {
  if (!(p >= -1 && p <= 1)) return not_a_number;
  if (p == 1 || p == -1) return p * infinity;
  return guarded([=] { return boost::math::erf_inv(p, Policy()); });
}

double borel_sf_erfc_inv(double q) {
  if (!(q >= 0 && q <= 2)) return not_a_number;
  if (q == 0 || q == 2) return q == 0 ? infinity : -infinity;
  return guarded([=] { return boost::math::erfc_inv(q, Policy()); });
}

double borel_sf_owens_t(double h, double a) {
  if (std::isnan(h) || std::isnan(a)) return not_a_number;
  return guarded([=] { return boost::math::owens_t(h, a, Policy()); });
}

double borel_sf_digamma(double x) {
  return guarded([=] { return boost::math::digamma(x, Policy()); });
}

double borel_sf_trigamma(double x) {
  return guarded([=] { return boost::math::trigamma(x, Policy()); });
}

double borel_sf_polygamma(int order, double x) {
  if (order < 0) return not_a_number;
  return guarded([=] { return boost::math::polygamma(order, x, Policy()); });
}

double borel_sf_zeta(double x) {
  return guarded([=] { return boost::math::zeta(x, Policy()); });
}

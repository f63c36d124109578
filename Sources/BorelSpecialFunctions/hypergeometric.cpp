#include "borel_special.h"
#include "policy.hpp"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>

using namespace borel;

namespace {

double log_choose(double n, double k) {
  return boost::math::lgamma(n + 1, Policy()) - boost::math::lgamma(k + 1, Policy()) -
         boost::math::lgamma(n - k + 1, Policy());
}

/// The probability of k and of everything further from the mode on its side (`step` is 1 or -1),
/// by the ratio of neighbouring terms.
double tail(int64_t total, int64_t marked, int64_t draws, int64_t k, int step, int64_t last) {
  double rest = double(total - marked);
  double log_first = log_choose(double(marked), double(k)) + log_choose(rest, double(draws - k)) -
                     log_choose(double(total), double(draws));
  double term = 1, sum = 1;
  for (int64_t j = k; j != last && term > sum * 1e-18; j += step) {
    double up = double(marked - (step > 0 ? j : j - 1)) * double(draws - (step > 0 ? j : j - 1));
    double i = double(step > 0 ? j + 1 : j);
    double down = i * (rest - double(draws) + i);
    term *= step > 0 ? up / down : down / up;
    sum += term;
  }
  return std::min(1.0, std::exp(log_first + std::log(sum)));
}

/// P(X <= k), or P(X > k) when `upper`; the smaller tail is summed, the other is its complement.
double side(int64_t total, int64_t marked, int64_t draws, int64_t k, bool upper) {
  if (marked < 0 || draws < 0 || marked > total || draws > total) return not_a_number;
  int64_t low = std::max<int64_t>(0, draws - (total - marked)), high = std::min(draws, marked);
  if (k < low) return upper ? 1 : 0;
  if (k >= high) return upper ? 0 : 1;
  return guarded([=] {
    double mean = total == 0 ? 0 : double(draws) * (double(marked) / double(total));
    if (double(k) < mean) {
      double below = tail(total, marked, draws, k, -1, low);
      return upper ? 1 - below : below;
    }
    double above = tail(total, marked, draws, k + 1, 1, high);
    return upper ? above : 1 - above;
  });
}

}  // namespace

double borel_sf_hypergeometric_cdf(int64_t total, int64_t marked, int64_t draws, int64_t k) {
  return side(total, marked, draws, k, false);
}

double borel_sf_hypergeometric_survival(int64_t total, int64_t marked, int64_t draws, int64_t k) {
  return side(total, marked, draws, k, true);
}

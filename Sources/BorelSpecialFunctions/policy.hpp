#pragma once

#include <boost/math/policies/policy.hpp>
#include <cmath>
#include <limits>

namespace borel {

namespace policies = boost::math::policies;

/// Errors come back as NaN or infinity. Internal promotion to long double is off: its width
/// differs between platforms.
using Policy =
    policies::policy<policies::domain_error<policies::ignore_error>,
                     policies::pole_error<policies::ignore_error>,
                     policies::overflow_error<policies::ignore_error>,
                     policies::underflow_error<policies::ignore_error>,
                     policies::denorm_error<policies::ignore_error>,
                     policies::rounding_error<policies::ignore_error>,
                     policies::indeterminate_result_error<policies::ignore_error>,
                     policies::evaluation_error<policies::ignore_error>,
                     policies::promote_double<false>>;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Runs `body`; an exception that gets past the policy becomes NaN.
template <class Body>
double guarded(Body body) noexcept {
  try {
    return body();
  } catch (...) {
    return not_a_number;
  }
}

inline bool is_positive(double x) { return x > 0 && x < infinity; }

}  // namespace borel

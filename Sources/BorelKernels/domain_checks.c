/// Whether a whole column lies in a simple domain: one pass without an early exit, so that it is
/// vectorised. Comparisons give the same answer at every instruction-set level.

#include "borel_domains.h"

// The loader chooses among clones before a thread sanitizer has started, which does not bear that.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define BOREL_WITHOUT_CLONES
#endif
#endif

#if defined(__x86_64__) && defined(__linux__) && !defined(BOREL_WITHOUT_CLONES)
#define BOREL_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define BOREL_CLONES
#endif

#define BOREL_DOMAIN(name, condition)                                                              \
  BOREL_CLONES int borel_all_##name(int64_t n, const double *x) {                                  \
    int64_t outside = 0;                                                                           \
    for (int64_t i = 0; i < n; i++) outside += !(condition);                                       \
    return outside == 0;                                                                           \
  }

BOREL_DOMAIN(finite, x[i] - x[i] == 0)
BOREL_DOMAIN(positive, (x[i] > 0) & (x[i] < __builtin_inf()))
BOREL_DOMAIN(non_negative, (x[i] >= 0) & (x[i] < __builtin_inf()))
BOREL_DOMAIN(unit_interval, (x[i] >= 0) & (x[i] <= 1))
BOREL_DOMAIN(above_minus_infinity, x[i] > -__builtin_inf())

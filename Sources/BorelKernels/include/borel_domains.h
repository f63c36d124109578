#ifndef BOREL_DOMAINS_H
#define BOREL_DOMAINS_H

#include <stdint.h>

/// 1 when all elements lie in the domain, else 0; NaN lies in none. `positive` and `non_negative`
/// are finite; `above_minus_infinity` admits +infinity.
int borel_all_finite(int64_t n, const double *x);
int borel_all_positive(int64_t n, const double *x);
int borel_all_non_negative(int64_t n, const double *x);
int borel_all_unit_interval(int64_t n, const double *x);
int borel_all_above_minus_infinity(int64_t n, const double *x);

#endif

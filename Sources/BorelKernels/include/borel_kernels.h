#ifndef BOREL_KERNELS_H
#define BOREL_KERNELS_H

/// Numerical kernels over columns of 8-byte words: `double`, `int64_t`, or Bool as 0 and 1 in an
/// `int64_t`.
///
/// Law of all column functions: the result for an element does not depend on the length of the
/// column, on the position of the element, or on its neighbours; a call with n = 1 gives the same
/// bits as a call with n = 1,000. Bits may differ between instruction-set levels, which
/// `borel_set_isa` pins. Nothing here calls libm.

#include "borel_columns.h"
#include "borel_domains.h"
#include "borel_elementwise.h"
#include "borel_isa.h"
#include "borel_random.h"
#include "borel_scalar.h"
#include "borel_scores.h"

#endif

#ifndef BOREL_ELEMENTWISE_H
#define BOREL_ELEMENTWISE_H

#include <stdint.h>

/// An elementwise operation on n elements. Bit k of `uniform` says that operand k (a, b, c) is one
/// value instead of a column. `dst` may be one of the operands. Operands that an operation does not
/// have are ignored and may be NULL.
///
/// Returns -1, or the index of the first element that failed (then `dst` is unspecified). Only
/// integer operations and conversions can fail.
typedef int64_t (*borel_kernel)(int64_t n, void *dst, const void *a, const void *b, const void *c,
                                uint32_t uniform);

/// All elementwise kernels; `X(name)` declares `borel_k_name`. Real operands unless the name says
/// otherwise.
///
/// - Arithmetic: `mod_real` is the exact remainder of truncating division; `min` and `max` give NaN
///   when an operand is NaN; `fma_real` is a * b + c, fused where the level has it; `sign` keeps
///   zero and NaN; `hypot` and `pow_real` follow IEEE 754 at the edges.
/// - Rounding: `round` goes half away from zero; `*_to_int` fail when the result is not an Int.
/// - Special functions: `normal_cdf` is Phi with full relative accuracy in the lower tail;
///   `logistic` is 1/(1 + exp(-x)); `logit` its inverse; `lbeta(a, b)` the log of the Beta
///   function; `lchoose(n, k)` the log of the binomial coefficient for real n >= k >= 0, -infinity
///   for k outside [0, n].
/// - Int: overflow, a zero divisor and a negative exponent fail; `quotient_int` truncates and
///   `remainder_int` has the sign of the dividend.
/// - Comparisons give Bool; comparisons with NaN are false, except `ne`.
/// - `select(mask, a, b)` takes words of any type; `copy` copies words; `fill` repeats one word.
#define BOREL_KERNEL_LIST(X)                                                                       \
  X(add_real) X(sub_real) X(mul_real) X(div_real) X(mod_real) X(min_real) X(max_real)             \
  X(neg_real) X(abs_real) X(sign_real) X(square) X(sqrt) X(reciprocal) X(fma_real)                 \
  X(floor) X(ceil) X(round) X(trunc) X(is_nan) X(is_finite)                                        \
  X(exp) X(log) X(log1p) X(expm1) X(pow_real) X(hypot)                                             \
  X(sin) X(cos) X(tan) X(asin) X(acos) X(atan) X(atan2) X(sinh) X(cosh) X(tanh)                    \
  X(lgamma) X(digamma) X(trigamma) X(lbeta) X(lchoose)                                             \
  X(erf) X(erfc) X(normal_cdf) X(normal_log_cdf) X(normal_quantile)                                \
  X(logistic) X(logit) X(log1pexp) X(logaddexp)                                                    \
  X(add_int) X(sub_int) X(mul_int) X(neg_int) X(abs_int) X(sign_int) X(quotient_int)               \
  X(remainder_int) X(min_int) X(max_int) X(power_int)                                              \
  X(lt_real) X(le_real) X(gt_real) X(ge_real) X(eq_real) X(ne_real)                                \
  X(lt_int) X(le_int) X(gt_int) X(ge_int) X(eq_int) X(ne_int)                                      \
  X(and_bool) X(or_bool) X(not_bool) X(eq_bool) X(ne_bool)                                         \
  X(int_to_real) X(floor_to_int) X(ceil_to_int) X(round_to_int) X(trunc_to_int)                    \
  X(select) X(copy) X(fill)

/// The number of each kernel in the dispatch table: `BOREL_ID_add_real`, ...
typedef enum {
#define BOREL_KERNEL_ID(name) BOREL_ID_##name,
  BOREL_KERNEL_LIST(BOREL_KERNEL_ID)
#undef BOREL_KERNEL_ID
  BOREL_KERNEL_COUNT
} borel_kernel_id;

#define BOREL_KERNEL_DECLARATION(name)                                                             \
  int64_t borel_k_##name(int64_t n, void *dst, const void *a, const void *b, const void *c,        \
                         uint32_t uniform);
BOREL_KERNEL_LIST(BOREL_KERNEL_DECLARATION)
#undef BOREL_KERNEL_DECLARATION

/// A kernel with its name. `function` is `borel_k_<name>`, which follows `borel_set_isa`.
typedef struct {
  const char *name;
  borel_kernel function;
} borel_kernel_entry;

/// The table of all kernels, `BOREL_KERNEL_COUNT` entries in the order of `borel_kernel_id`.
extern const borel_kernel_entry borel_kernels[BOREL_KERNEL_COUNT];

/// The name of a kernel, or NULL for a number outside the table.
const char *borel_kernel_name(int id);

/// The kernel with a name, or NULL.
borel_kernel borel_kernel_named(const char *name);

/// The implementation of a kernel at the level in use; stale after `borel_set_isa`. NULL for a
/// number outside the table.
borel_kernel borel_kernel_resolved(int id);

#endif

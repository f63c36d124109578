/// lgamma and its derivatives, log Beta and log binomial coefficient.
///
/// Two regions: Stirling's formula with a fitted remainder from 3 on; below, (x - 1)(x - 2) times a
/// polynomial on [1, 3], with one step of the recurrence below 1. Both need the same logarithm.

/// lgamma(x)/((x - 1)(x - 2)) in x - 2.
static const double lgamma_ratio[] = {
    0x1.b0ee6072093cfp-2, -0x1.9ae6509ea10a1p-4, 0x1.0e0c9df292d5bp-5, -0x1.95ce223a9bc8bp-7,
    0x1.4797485484c1ep-8, -0x1.145121fa7189fp-9, 0x1.dfebcef929400p-11, -0x1.a96a3f7fb4c4ep-12,
    0x1.7ed74e12dbab9p-13, -0x1.5c86d000e3f00p-14, 0x1.402c4c8d56f0ap-15, -0x1.284da3da45530p-16,
    0x1.1413732576744p-17, -0x1.025e72952c6b1p-18, 0x1.e1243e40c0ff4p-20, -0x1.c5d73b8ef91fcp-21,
    0x1.d20d224f8ec65p-22, -0x1.bb2317a3ff0d5p-23, 0x1.bbabe3a7ed217p-25, -0x1.a205c5a078659p-26,
    0x1.d6561d85a8c01p-25, -0x1.c5fb91d86f96dp-26, -0x1.c138d72451ee9p-27, 0x1.b4d1a7280a00cp-28,
    0x1.9532528835fbep-28, -0x1.8843be8ffad56p-29};
static const double stirling_tail[] = {
    0x1.5555555555553p-4, -0x1.6c16c16bf6282p-9, 0x1.a01a00e5622e3p-11, -0x1.3813174192ecdp-11,
    0x1.b9326a92f5e65p-11, -0x1.f3dd1d895f8ddp-10, 0x1.8f44ea0ec1548p-8, -0x1.7937174913bd7p-6,
    0x1.4d2171357754ap-4, -0x1.a820884cf6c52p-3, 0x1.0c1788f27869cp-2};
static const double digamma_ratio[] = {
    0x1.9213d46736ba3p-1, -0x1.0aff270ca07a6p-2, 0x1.be76b26db87b0p-4, -0x1.95ec0c3ba9dc2p-5,
    0x1.802924f92f645p-6, -0x1.7389aa8011193p-7, 0x1.6bdf5e49e3450p-8, -0x1.6714d0147d15ep-9,
    0x1.6407563788666p-10, -0x1.620efbc17c503p-11, 0x1.60c7c12446f6ep-12, -0x1.5ff078016e046p-13,
    0x1.5f490f7cd185ap-14, -0x1.5eeb6c470e035p-15, 0x1.6016599ed99dfp-16, -0x1.5fed3859a2760p-17,
    0x1.5200c5e8fed25p-18, -0x1.51ee9cee7b446p-19, 0x1.b13fa7d426687p-20, -0x1.b13799e89cb85p-21,
    -0x1.c90ae1f074f29p-26, 0x1.c94318b46dac2p-27, 0x1.78a798d04f536p-22, -0x1.78a72865cd1b4p-23,
    -0x1.c9b31d3afbb10p-24, 0x1.c9b333c955411p-25, 0x1.3122842a0f6e6p-25, -0x1.31226da211bb5p-26};
static const double digamma_tail[] = {
    -0x1.5555555555550p-4, 0x1.11111110f6392p-7, -0x1.041040a86fd69p-8, 0x1.1110d2d752ffdp-8,
    -0x1.f065dbc02db88p-8, 0x1.5860c4749779ep-6, -0x1.4a4daa67b1da0p-4, 0x1.7f489e0c8d779p-2,
    -0x1.bef0e6a0c6a9cp+0, 0x1.ad3493ee4c517p+2, -0x1.1430ad06dab33p+4, 0x1.54c71ec749f3dp+4};
static const double trigamma_tail[] = {
    0x1.5555555555523p-3, -0x1.11111110919f5p-5, 0x1.86185fd2805a2p-6, -0x1.11107cc8a9114p-5,
    0x1.3632f1565e19bp-4, -0x1.01bc73da04dfep-2, 0x1.1d434280fb6eap+0, -0x1.6ec9f530eae93p+2,
    0x1.c850146a06711p+4, -0x1.c740f78a573f4p+6, 0x1.2ba4006a4229dp+8, -0x1.76e5369fddaacp+8};

#define HALF_LOG_TWO_PI 0x1.d67f1c864beb4p-1

/// The remainder of Stirling's formula: lgamma(x) - ((x - 1/2) log x - x + log(2 pi)/2), x >= 3.
INLINE vd stirling_vd(vd x) {
  vd inverse = 1.0 / x;
  return inverse * polynomial(inverse * inverse, stirling_tail, 11);
}

INLINE vd lgamma_positive(vd x) {
  vi large = (vi)(x >= 3.0), tiny = (vi)(x < 1.0);
  vd logarithm = log_positive(x);
  vd safe = select_vd(large, x, splat_vd(3.0));
  vd far = madd(safe - 0.5, logarithm - 1.0, stirling_vd(safe) + (HALF_LOG_TWO_PI - 0.5));
  vd first_factor = select_vd(tiny, x, x - 1.0);
  vd second_factor = select_vd(tiny, x - 1.0, x - 2.0);
  vd bounded = select_vd(large, splat_vd(0.0), second_factor);
  vd product = first_factor * bounded * polynomial(bounded, lgamma_ratio, 26);
  vd near = product - select_vd(tiny, logarithm, splat_vd(0.0));
  vd value = select_vd(large, far, near);
  value = select_vd((vi)(x < infinity_vd()), value, x);
  return select_vd((vi)(x == 0.0), infinity_vd(), value);
}

/// log |Gamma(x)|. At negative x by reflection: absolute accuracy only near the zeros there.
INLINE vd lgamma_vd(vd x) {
  vi negative = (vi)(x < 0.0);
  if (!any(negative)) return lgamma_positive(x);
  vd magnitude = abs_vd(x);
  vd value = lgamma_positive(magnitude);
  vd sine, cosine;
  vd fraction = magnitude - floor_vd(magnitude);
  sincos_turns(fraction * 0.5, &sine, &cosine);
  vd reflected = log_vd(3.14159265358979323846 / (magnitude * abs_vd(sine))) - value;
  reflected = select_vd((vi)(fraction == 0.0), infinity_vd(), reflected);
  /* Below 2^-54 the sine is pi |x| and 1/|x| decides. */
  reflected = select_vd((vi)(magnitude < 0x1p-54), value, reflected);
  return select_vd(negative, reflected, value);
}

INLINE vd digamma_positive(vd x) {
  vi large = (vi)(x >= 3.0), tiny = (vi)(x < 1.0);
  vd safe = select_vd(large, x, splat_vd(3.0));
  vd inverse = 1.0 / safe, w = inverse * inverse;
  vd far = log_positive(safe) + madd(inverse, splat_vd(-0.5), w * polynomial(w, digamma_tail, 12));
  vd offset = select_vd(tiny, x - 1.0, x - 2.0);
  vd bounded = select_vd(large, splat_vd(0.0), offset);
  const double root = 0x1.762d86356be3fp+0, root_low = 0x1.b86a722197829p-54;
  vd distance = select_vd(tiny, x - (root - 1.0), x - root) - root_low;
  vd near = distance * polynomial(bounded, digamma_ratio, 28);
  near = near - select_vd(tiny, 1.0 / x, splat_vd(0.0));
  vd value = select_vd(large, far, near);
  return select_vd((vi)(x < infinity_vd()), value, x);
}

/// The derivative of lgamma. -infinity at 0, NaN at negative integers.
INLINE vd digamma_vd(vd x) {
  vi negative = (vi)(x < 0.0);
  if (!any(negative)) return digamma_positive(x);
  vd magnitude = abs_vd(x);
  vd reflected_point = select_vd(negative, 1.0 + magnitude, x);
  vd value = digamma_positive(reflected_point);
  vd sine, cosine;
  vd fraction = magnitude - floor_vd(magnitude);
  sincos_turns(fraction * 0.5, &sine, &cosine);
  vd reflected = value + 3.14159265358979323846 * cosine / sine;
  reflected = select_vd((vi)(fraction == 0.0), nan_vd(), reflected);
  return select_vd(negative, reflected, value);
}

INLINE vd trigamma_positive(vd x) {
  vi small = (vi)(x < 3.0);
  vd shifted = select_vd(small, x + 3.0, x);
  vd inverse = 1.0 / shifted, w = inverse * inverse;
  vd tail = madd(w * inverse, polynomial(w, trigamma_tail, 12), w * 0.5);
  vd value = inverse + tail;
  vd a = 1.0 / x, b = 1.0 / (x + 1.0), c = 1.0 / (x + 2.0);
  vd steps = madd(a, a, madd(b, b, c * c));
  value = value + select_vd(small, steps, splat_vd(0.0));
  return select_vd((vi)(x == infinity_vd()), splat_vd(0.0), value);
}

INLINE vd trigamma_vd(vd x) {
  vi negative = (vi)(x < 0.0);
  if (!any(negative)) return trigamma_positive(x);
  vd magnitude = abs_vd(x);
  vd value = trigamma_positive(select_vd(negative, 1.0 + magnitude, x));
  vd sine, cosine;
  vd fraction = magnitude - floor_vd(magnitude);
  sincos_turns(fraction * 0.5, &sine, &cosine);
  vd ratio = 3.14159265358979323846 / sine;
  return select_vd(negative, ratio * ratio - value, value);
}

/// log Beta(a, b) for a, b > 0: differences of large lgammas are formed from Stirling remainders.
/// Source: the case distinction of Didonato and Morris (1992), Algorithm 708.
INLINE vd lbeta_vd(vd a, vd b) {
  vi swapped = (vi)(a > b);
  vd p = select_vd(swapped, b, a), q = select_vd(swapped, a, b);
  vi p_large = (vi)(p >= 3.0), q_large = (vi)(q >= 3.0);
  vd p_safe = select_vd(p_large, p, splat_vd(3.0)), q_safe = select_vd(q_large, q, splat_vd(3.0));
  vd sum = p_safe + q_safe;
  vd ratio = p / q_safe;
  vd log_tail_ratio = log1p_vd(ratio);
  /* Both large. */
  vd both = (HALF_LOG_TWO_PI - 0.5 * log_vd(q_safe)) +
            (stirling_vd(p_safe) + stirling_vd(q_safe) - stirling_vd(sum));
  both += (p - 0.5) * log_vd(p_safe / sum) - q * log_tail_ratio;
  /* Only q large. */
  vd total = p + q_safe;
  vd lgamma_p = lgamma_positive(p);
  vd one = lgamma_p + (stirling_vd(q_safe) - stirling_vd(total)) +
           (p - p * log_vd(total) - (q - 0.5) * log_tail_ratio);
  /* Both small. */
  vd none = lgamma_p + lgamma_positive(select_vd(q_large, splat_vd(1.0), q)) -
            lgamma_positive(select_vd(q_large, splat_vd(1.0), p + q));
  vd value = select_vd(p_large, both, select_vd(q_large, one, none));
  value = select_vd((vi)(p == 0.0), infinity_vd(), value);
  value = select_vd((vi)(q == infinity_vd()) & (vi)(p > 0.0), -infinity_vd(), value);
  value = select_vd((vi)(p < 0.0), nan_vd(), value);
  return select_vd(is_nan_mask(a) | is_nan_mask(b), nan_vd(), value);
}

/// log of the binomial coefficient; exactly 0 at k = 0 and k = n; -infinity outside [0, n].
INLINE vd lchoose_vd(vd n, vd k) {
  vd complement = n - k;
  vi inside = (vi)(k >= 0.0) & (vi)(complement >= 0.0);
  vd safe_k = select_vd(inside, k, splat_vd(1.0));
  vd safe_complement = select_vd(inside, complement, splat_vd(1.0));
  vd safe_n = select_vd(inside, n, splat_vd(2.0));
  vd value = -log_vd(safe_n + 1.0) - lbeta_vd(safe_complement + 1.0, safe_k + 1.0);
  value = select_vd((vi)(k == 0.0) | (vi)(complement == 0.0), splat_vd(0.0), value);
  value = select_vd(inside, value, -infinity_vd());
  return select_vd(is_nan_mask(n) | is_nan_mask(k), nan_vd(), value);
}

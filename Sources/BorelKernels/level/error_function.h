/// erf, erfc, the normal distribution function, its logarithm and its inverse.
///
/// One polynomial serves all of erfc: (1 + 2x) exp(x^2) erfc(x) is nearly constant in (x - 4)/(x +
/// 4) (Shepherd and Laframboise 1981). exp(-x^2) gets the rounding error of the square.

static const double scaled_erfc[] = {
    0x1.3ba5916e9fd7fp+0, -0x1.1df1ad154a286p-3, 0x1.f7f5df66fd797p-7, 0x1.16ecefcfa4d10p-4,
    -0x1.9ddb23c3e8f13p-4, 0x1.7fee004e1eefep-4, -0x1.0fb06dfe4c6c0p-4, 0x1.3079edf5181dfp-5,
    -0x1.09623884747dbp-6, 0x1.49c672e199469p-8, -0x1.8d4a9a6465372p-11, -0x1.a1df5e81f57b4p-13,
    0x1.3be0432bfa860p-13, -0x1.99537515467bep-16, -0x1.7884d2487d5efp-17, 0x1.7ef644c7815aap-18,
    0x1.393f4d359a7fcp-22, -0x1.b8ce493292da4p-21, 0x1.4dcd6b6d85458p-24, 0x1.c8a212189b420p-24,
    -0x1.64110b1736fc2p-26, -0x1.a7f4a11380e65p-27, 0x1.bc41def3d5cfcp-29, 0x1.ff247156a5379p-31,
    -0x1.2feb115e1104cp-32};
/// erf(x)/x - 1 in x^2.
static const double erf_ratio[] = {
    0x1.06eba8214db69p-3, -0x1.812746b0379e7p-2, 0x1.ce2f21a042bdep-4, -0x1.b82ce312889bap-6,
    0x1.565bcd0e6502dp-8, -0x1.c02db3feeb579p-11, 0x1.f9a326c233146p-14, -0x1.f4d2561aeafd4p-17,
    0x1.b9e6509b9867dp-20, -0x1.5f6d925a0bc7ap-23, 0x1.fc4356498c2d9p-27, -0x1.4e607b41a6416p-30,
    0x1.7f072188e194dp-34, -0x1.29b9f1b3df556p-38};

/// exp(x^2) erfc(x) for 0 <= x <= 60.
INLINE vd scaled_erfc_vd(vd x) {
  vd q = (x - 4.0) / (x + 4.0);
  vd value = splat_vd(scaled_erfc[24]);
  UNROLL for (int i = 23; i >= 0; i--) value = madd(value, q, splat_vd(scaled_erfc[i]));
  return value / madd(x, splat_vd(2.0), splat_vd(1.0));
}

/// exp(-factor x^2), factor a power of two.
INLINE vd exp_minus_square(vd x, double factor) {
  vd error, square = two_product(x, x, &error);
  return exp_scaled(square * -factor, error * -factor, 0);
}

INLINE vd erfc_magnitude(vd magnitude) {
  vd bounded = at_most(magnitude, 40.0);
  return exp_minus_square(bounded, 1.0) * scaled_erfc_vd(bounded);
}

INLINE vd erfc_vd(vd x) {
  vd tail = erfc_magnitude(abs_vd(x));
  return select_vd((vi)(x < 0.0), 2.0 - tail, tail);
}

INLINE vd erf_vd(vd x) {
  vd magnitude = abs_vd(x);
  vi small = (vi)(magnitude < 1.0);
  vd bounded = select_vd(small, x, splat_vd(0.0));
  vd near = madd(bounded, polynomial(bounded * bounded, erf_ratio, 14), bounded);
  vd far = copy_sign(1.0 - erfc_magnitude(magnitude), x);
  return select_vd(small, near, select_vd(is_nan_mask(x), x, far));
}

#define SQRT_HALF 0x1.6a09e667f3bcdp-1

/// Phi(-|x|).
INLINE vd normal_tail(vd magnitude) {
  vd bounded = at_most(magnitude, 45.0);
  return exp_minus_square(bounded, 0.5) * (0.5 * scaled_erfc_vd(bounded * SQRT_HALF));
}

INLINE vd normal_cdf_vd(vd x) {
  vd tail = normal_tail(abs_vd(x));
  return select_vd((vi)(x > 0.0), 1.0 - tail, tail);
}

INLINE vd normal_log_cdf_vd(vd x) {
  vd magnitude = abs_vd(x);
  vi far = (vi)(x < -1.0);
  vd tail = normal_tail(magnitude);
  /* Beyond 1e7 the scaled function is 1/(x sqrt(pi)) to working accuracy and x^2/2 decides. */
  vd bounded = at_most(magnitude, 1e8);
  vd scaled = 0.5 * scaled_erfc_vd(bounded * SQRT_HALF);
  vd lower = log_positive(scaled) - 0.5 * magnitude * magnitude;
  vd upper = log1p_vd(-select_vd((vi)(x > 0.0), tail, 1.0 - tail));
  vd value = select_vd(far, lower, upper);
  return select_vd(is_nan_mask(x), x, value);
}

static const double quantile_centre_num[] = {
    3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3,
    1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
    3.3430575583588128105e+4, 2.5090809287301226727e+3};
static const double quantile_centre_den[] = {
    1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
    2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4,
    5.2264952788528545610e+3};
static const double quantile_tail_num[] = {
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
    3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
    2.27238449892691845833e-2, 7.74545014278341407640e-4};
static const double quantile_tail_den[] = {
    1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
    1.05075007164441684324e-9};
static const double quantile_far_num[] = {
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
    2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
    2.71155556874348757815e-5, 2.01033439929228813265e-7};
static const double quantile_far_den[] = {
    1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
    2.04426310338993978564e-15};

/// The inverse of Phi, down to the smallest probability. NaN outside [0, 1].
/// Source: Wichura (1988), Algorithm AS 241, PPND16.
INLINE vd normal_quantile_vd(vd p) {
  vd q = p - 0.5;
  vi centre = (vi)(abs_vd(q) <= 0.425);
  vd c = nmadd(q, q, splat_vd(0.180625));
  vd value = q * polynomial(c, quantile_centre_num, 8) / polynomial(c, quantile_centre_den, 8);
  if (any(~centre)) {
    vd tail = select_vd((vi)(q < 0.0), p, 1.0 - p);
    tail = select_vd((vi)(tail > 0.0), tail, splat_vd(0.5));
    vd r = sqrt_vd(-log_positive(tail));
    vd near = r - 1.6;
    vd outer = polynomial(near, quantile_tail_num, 8) / polynomial(near, quantile_tail_den, 8);
    vi far = (vi)(r > 5.0);
    if (any(far)) {
      vd beyond = r - 5.0;
      vd numerator = polynomial(beyond, quantile_far_num, 8);
      vd extreme = numerator / polynomial(beyond, quantile_far_den, 8);
      outer = select_vd(far, extreme, outer);
    }
    value = select_vd(centre, value, copy_sign(outer, q));
  }
  value = select_vd((vi)(p == 0.0), -infinity_vd(), value);
  value = select_vd((vi)(p == 1.0), infinity_vd(), value);
  return select_vd((vi)(p >= 0.0) & (vi)(p <= 1.0), value, nan_vd());
}

/// Functions of single values: element 0 of the column code.

#define SCALAR_1(name)                                                                             \
  static double s_##name(double x) { return name##_vd(splat_vd(x))[0]; }
#define SCALAR_2(name)                                                                             \
  static double s_##name(double x, double y) { return name##_vd(splat_vd(x), splat_vd(y))[0]; }

INLINE vd mod_vd(vd x, vd y) { return splat_vd(remainder_scalar(x[0], y[0])); }

BOREL_SCALAR_LIST_1(SCALAR_1)
BOREL_SCALAR_LIST_2(SCALAR_2)

static double s_location_scale(double mean, double sd, double z) {
  return madd(splat_vd(sd), splat_vd(z), splat_vd(mean))[0];
}
static double s_affine_location_scale(double a, double x, double b, double sd, double z) {
  vd location = madd(splat_vd(a), splat_vd(x), splat_vd(b));
  return madd(splat_vd(sd), splat_vd(z), location)[0];
}

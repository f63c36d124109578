#ifndef BOREL_SCALAR_H
#define BOREL_SCALAR_H

/// Functions of one and two reals with the same bits as the elementwise kernel of the same name.
#define BOREL_SCALAR_LIST_1(X)                                                                     \
  X(exp) X(log) X(log1p) X(expm1) X(sqrt) X(sin) X(cos) X(tan) X(asin) X(acos) X(atan) X(sinh)     \
  X(cosh) X(tanh) X(lgamma) X(digamma) X(trigamma) X(erf) X(erfc) X(normal_cdf)                    \
  X(normal_log_cdf) X(normal_quantile) X(logistic) X(logit) X(log1pexp)
#define BOREL_SCALAR_LIST_2(X) X(pow) X(atan2) X(hypot) X(logaddexp) X(lbeta) X(lchoose) X(mod)

#define BOREL_SCALAR_DECLARATION_1(name) double borel_##name(double x);
#define BOREL_SCALAR_DECLARATION_2(name) double borel_##name(double x, double y);
BOREL_SCALAR_LIST_1(BOREL_SCALAR_DECLARATION_1)
BOREL_SCALAR_LIST_2(BOREL_SCALAR_DECLARATION_2)
#undef BOREL_SCALAR_DECLARATION_1
#undef BOREL_SCALAR_DECLARATION_2

#endif

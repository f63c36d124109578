"""Writes scalar.json: log-densities, distribution functions, quantiles and moments.

Densities and distribution functions are computed by mpmath with 50 digits from textbook formulas,
quantiles by scipy.stats, so that both are independent of the code under test.

    python3 make_reference.py > scalar.json
"""

import json
import math

import mpmath as mp
import scipy.stats as st

mp.mp.dps = 50
inf = float("inf")


def real(x):
    return mp.mpf(x)


def lower_gamma(a, x):
    return mp.gammainc(a, 0, x, regularized=True)


def upper_gamma(a, x):
    return mp.gammainc(a, x, mp.inf, regularized=True)


def lower_beta(a, b, x):
    return mp.betainc(a, b, 0, x, regularized=True)


def normal_pdf(z):
    return mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi)


def normal_cdf(z):
    return mp.erfc(-z / mp.sqrt(2)) / 2


def student_tail(t, df):
    """P(T > t), t >= 0."""
    return lower_beta(df / 2, real(1) / 2, df / (df + t * t)) / 2


def student_cdf(t, df):
    return student_tail(-t, df) if t <= 0 else 1 - student_tail(t, df)


def student_pdf(t, df):
    return (1 + t * t / df) ** (-(df + 1) / 2) / mp.sqrt(df) / mp.beta(df / 2, real(1) / 2)


class Continuous:
    """pdf, cdf, sf of x; q(p) from scipy; mean and variance."""

    def __init__(self, pdf, cdf, sf, frozen, mean, variance):
        self.pdf, self.cdf, self.sf = pdf, cdf, sf
        self.frozen, self.mean, self.variance = frozen, mean, variance


def scaled(pdf, cdf, sf, location, scale):
    location, scale = real(location), real(scale)
    return (
        lambda x: pdf((x - location) / scale) / scale,
        lambda x: cdf((x - location) / scale),
        lambda x: sf((x - location) / scale),
    )


def normal(mean, sd):
    f = scaled(normal_pdf, normal_cdf, lambda z: normal_cdf(-z), mean, sd)
    return Continuous(*f, st.norm(mean, sd), mean, sd * sd)


def half_normal(sd):
    f = scaled(
        lambda z: 2 * normal_pdf(z), lambda z: mp.erf(z / mp.sqrt(2)),
        lambda z: mp.erfc(z / mp.sqrt(2)), 0, sd)
    s = real(sd)
    return Continuous(*f, st.halfnorm(0, sd), s * mp.sqrt(2 / mp.pi), s * s * (1 - 2 / mp.pi))


def log_normal(meanLog, sdLog):
    m, s = real(meanLog), real(sdLog)
    z = lambda x: (mp.log(x) - m) / s
    return Continuous(
        lambda x: normal_pdf(z(x)) / (x * s), lambda x: normal_cdf(z(x)),
        lambda x: normal_cdf(-z(x)), st.lognorm(sdLog, 0, math.exp(meanLog)),
        mp.exp(m + s * s / 2), (mp.exp(s * s) - 1) * mp.exp(2 * m + s * s))


def student_t(df, mean, scale):
    d = real(df)
    f = scaled(
        lambda t: student_pdf(t, d), lambda t: student_cdf(t, d), lambda t: student_cdf(-t, d),
        mean, scale)
    variance = scale**2 * d / (d - 2) if df > 2 else inf if df > 1 else math.nan
    return Continuous(*f, st.t(df, mean, scale), mean if df > 1 else math.nan, variance)


def half_student_t(df, scale):
    d, s = real(df), real(scale)
    f = scaled(
        lambda t: 2 * student_pdf(t, d), lambda t: 1 - 2 * student_tail(t, d),
        lambda t: 2 * student_tail(t, d), 0, scale)
    mean = inf
    variance = math.nan
    if df > 1:
        mean = 2 * s * mp.sqrt(d) / ((d - 1) * mp.beta(d / 2, real(1) / 2))
        variance = s * s * d / (d - 2) - mean**2 if df > 2 else inf
    class Frozen:
        @staticmethod
        def ppf(p):
            return -st.t(df, 0, scale).ppf((1 - p) / 2)
    return Continuous(*f, Frozen, mean, variance)


def cauchy(location, scale):
    f = scaled(
        lambda z: 1 / (mp.pi * (1 + z * z)), lambda z: mp.atan2(1, -z) / mp.pi,
        lambda z: mp.atan2(1, z) / mp.pi, location, scale)
    return Continuous(*f, st.cauchy(location, scale), math.nan, math.nan)


def half_cauchy(scale):
    f = scaled(
        lambda z: 2 / (mp.pi * (1 + z * z)), lambda z: 2 * mp.atan2(z, 1) / mp.pi,
        lambda z: 2 * mp.atan2(1, z) / mp.pi, 0, scale)
    return Continuous(*f, st.halfcauchy(0, scale), inf, math.nan)


def laplace(location, scale):
    low = lambda z: mp.exp(z) / 2 if z <= 0 else 1 - mp.exp(-z) / 2
    f = scaled(lambda z: mp.exp(-abs(z)) / 2, low, lambda z: low(-z), location, scale)
    return Continuous(*f, st.laplace(location, scale), location, 2 * scale**2)


def logistic(location, scale):
    low = lambda z: 1 / (1 + mp.exp(-z))
    f = scaled(lambda z: low(z) * low(-z), low, lambda z: low(-z), location, scale)
    return Continuous(*f, st.logistic(location, scale), location, (scale * mp.pi) ** 2 / 3)


def gumbel(location, scale):
    low = lambda z: mp.exp(-mp.exp(-z))
    f = scaled(
        lambda z: mp.exp(-z - mp.exp(-z)), low, lambda z: -mp.expm1(-mp.exp(-z)), location, scale)
    return Continuous(
        *f, st.gumbel_r(location, scale), location + scale * mp.euler, (scale * mp.pi) ** 2 / 6)


def exponential(rate):
    r = real(rate)
    return Continuous(
        lambda x: r * mp.exp(-r * x), lambda x: -mp.expm1(-r * x), lambda x: mp.exp(-r * x),
        st.expon(0, 1 / rate), 1 / r, 1 / r**2)


def gamma(shape, rate):
    a, r = real(shape), real(rate)
    return Continuous(
        lambda x: r**a * x ** (a - 1) * mp.exp(-r * x) / mp.gamma(a),
        lambda x: lower_gamma(a, r * x), lambda x: upper_gamma(a, r * x),
        st.gamma(shape, 0, 1 / rate), a / r, a / r**2)


def inverse_gamma(shape, scale):
    a, s = real(shape), real(scale)
    mean = s / (a - 1) if shape > 1 else inf
    variance = mean**2 / (a - 2) if shape > 2 else inf if shape > 1 else math.nan
    return Continuous(
        lambda x: s**a * x ** (-a - 1) * mp.exp(-s / x) / mp.gamma(a),
        lambda x: upper_gamma(a, s / x), lambda x: lower_gamma(a, s / x),
        st.invgamma(shape, 0, scale), mean, variance)


def chi_squared(df):
    c = gamma(df / 2, 0.5)
    c.frozen = st.chi2(df)
    return c


def beta(alpha, beta):
    a, b = real(alpha), real(beta)
    return Continuous(
        lambda x: x ** (a - 1) * (1 - x) ** (b - 1) / mp.beta(a, b),
        lambda x: lower_beta(a, b, x), lambda x: lower_beta(b, a, 1 - x),
        st.beta(alpha, beta), a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1)))


def uniform(low, high):
    l, h = real(low), real(high)
    return Continuous(
        lambda x: 1 / (h - l), lambda x: (x - l) / (h - l), lambda x: (h - x) / (h - l),
        st.uniform(low, high - low), (l + h) / 2, (h - l) ** 2 / 12)


def weibull(shape, scale):
    k, s = real(shape), real(scale)
    h = lambda x: (x / s) ** k
    g = lambda n: mp.gamma(1 + n / k)
    return Continuous(
        lambda x: k / x * h(x) * mp.exp(-h(x)), lambda x: -mp.expm1(-h(x)),
        lambda x: mp.exp(-h(x)), st.weibull_min(shape, 0, scale), s * g(1),
        s * s * (g(2) - g(1) ** 2))


def pareto(shape, scale):
    a, s = real(shape), real(scale)
    mean = a * s / (a - 1) if shape > 1 else inf
    variance = (
        a * s * s / ((a - 1) ** 2 * (a - 2)) if shape > 2 else inf if shape > 1 else math.nan)
    return Continuous(
        lambda x: a * s**a / x ** (a + 1), lambda x: 1 - (s / x) ** a, lambda x: (s / x) ** a,
        st.pareto(shape, 0, scale), mean, variance)


def von_mises(mean, concentration):
    m, k = real(mean), real(concentration)
    pdf0 = lambda t: mp.exp(k * mp.cos(t)) / (2 * mp.pi * mp.besseli(0, k))
    def tail(t):
        nodes = [-mp.pi + (mp.pi - t) * i / 8 for i in range(9)]
        return mp.quad(pdf0, nodes)
    cdf0 = lambda t: tail(-t) if t <= 0 else 1 - tail(t)
    variance = mp.quad(lambda t: t * t * pdf0(t), [mp.pi * i / 8 for i in range(-8, 9)])
    return Continuous(
        lambda x: pdf0(x - m), lambda x: cdf0(x - m), lambda x: cdf0(m - x),
        st.vonmises(concentration, mean), mean, variance)


def skew_normal(location, scale, shape):
    a, s = real(shape), real(scale)
    pdf0 = lambda z: 2 * normal_pdf(z) * normal_cdf(a * z)
    low = lambda z, b: mp.quad(
        lambda u: 2 * normal_pdf(u) * normal_cdf(b * u), [z - 40, z - 10, z - 5, z - 2, z - 1, z])
    f = scaled(pdf0, lambda z: low(z, a), lambda z: low(-z, -a), location, scale)
    delta = a / mp.sqrt(1 + a * a)
    return Continuous(
        *f, st.skewnorm(shape, location, scale), location + s * delta * mp.sqrt(2 / mp.pi),
        s * s * (1 - 2 * delta**2 / mp.pi))


def inverse_gaussian(mean, shape):
    m, l = real(mean), real(shape)
    pdf = lambda x: mp.sqrt(l / (2 * mp.pi * x**3)) * mp.exp(-l * (x - m) ** 2 / (2 * m * m * x))
    second = lambda x: mp.exp(2 * l / m) * normal_cdf(-mp.sqrt(l / x) * (x / m + 1))
    return Continuous(
        pdf, lambda x: normal_cdf(mp.sqrt(l / x) * (x / m - 1)) + second(x),
        lambda x: normal_cdf(-mp.sqrt(l / x) * (x / m - 1)) - second(x),
        st.invgauss(mean / shape, 0, shape), m, m**3 / l)


class Discrete:
    """pmf of an integer in low...high; sums give the rest."""

    def __init__(self, pmf, low, high, frozen, mean, variance):
        self.pmf, self.low, self.high = pmf, low, high
        self.frozen, self.mean, self.variance = frozen, mean, variance

    def cdf(self, k):
        if k < self.low:
            return mp.mpf(0)
        return mp.fsum(self.pmf(i) for i in range(self.low, min(k, self.high) + 1))

    def sf(self, k):
        if k >= self.high:
            return mp.mpf(0)
        total, i = mp.mpf(0), k + 1
        while i <= self.high:
            term = self.pmf(i)
            total += term
            if self.high > 10**6 and i > self.mean and term < total * mp.mpf(10) ** -40:
                break
            i += 1
        return total


def bernoulli(p):
    q = real(p)
    return Discrete(lambda k: q if k else 1 - q, 0, 1, st.bernoulli(p), q, q * (1 - q))


def bernoulli_logit(logit):
    q = 1 / (1 + mp.exp(-real(logit)))
    return Discrete(lambda k: q if k else 1 - q, 0, 1, st.bernoulli(float(q)), q, q * (1 - q))


def binomial(n, p):
    q = real(p)
    return Discrete(
        lambda k: mp.binomial(n, k) * q**k * (1 - q) ** (n - k), 0, n, st.binom(n, p), n * q,
        n * q * (1 - q))


def beta_binomial(n, alpha, beta):
    a, b = real(alpha), real(beta)
    return Discrete(
        lambda k: mp.binomial(n, k) * mp.beta(k + a, n - k + b) / mp.beta(a, b), 0, n,
        st.betabinom(n, alpha, beta), n * a / (a + b),
        n * a * b * (a + b + n) / ((a + b) ** 2 * (a + b + 1)))


def poisson(rate):
    r = real(rate)
    return Discrete(
        lambda k: mp.exp(k * mp.log(r) - r - mp.loggamma(k + 1)), 0, 10**9, st.poisson(rate), r, r)


def negative_binomial(mean, dispersion):
    m, d = real(mean), real(dispersion)
    p = d / (d + m)
    pmf = lambda k: mp.exp(
        mp.loggamma(k + d) - mp.loggamma(d) - mp.loggamma(k + 1) + d * mp.log(p)
        + k * mp.log(1 - p))
    return Discrete(pmf, 0, 10**9, st.nbinom(dispersion, float(p)), m, m + m * m / d)


def geometric(p):
    q = real(p)
    return Discrete(
        lambda k: q * (1 - q) ** k, 0, 10**9, st.geom(p, -1), (1 - q) / q, (1 - q) / q**2)


def hypergeometric(draws, successes, population):
    n, s, total = draws, successes, population
    pmf = lambda k: mp.binomial(s, k) * mp.binomial(total - s, n - k) / mp.binomial(total, n)
    mean = mp.mpf(n) * s / total
    return Discrete(
        pmf, max(0, n + s - total), min(n, s), st.hypergeom(total, s, n), mean,
        mean * (1 - mp.mpf(s) / total) * (total - n) / (total - 1))


def categorical(probabilities):
    w = [real(x) for x in probabilities]
    total = mp.fsum(w)
    mean = mp.fsum(k * x for k, x in enumerate(w)) / total
    variance = mp.fsum((k - mean) ** 2 * x for k, x in enumerate(w)) / total
    return Discrete(lambda k: w[k] / total, 0, len(w) - 1, None, mean, variance)


def discrete_uniform(low, high):
    n = high - low + 1
    return Discrete(
        lambda k: mp.mpf(1) / n, low, high, st.randint(low, high + 1), mp.mpf(low + high) / 2,
        mp.mpf(n * n - 1) / 12)


def ordered_logistic(location, cutpoints):
    c = [mp.mpf(0)] + [1 / (1 + mp.exp(real(location) - real(x))) for x in cutpoints] + [mp.mpf(1)]
    w = [c[k + 1] - c[k] for k in range(len(c) - 1)]
    mean = mp.fsum(k * x for k, x in enumerate(w))
    variance = mp.fsum((k - mean) ** 2 * x for k, x in enumerate(w))
    return Discrete(lambda k: w[k], 0, len(w) - 1, None, mean, variance)


CASES = [
    ("Normal", normal, [dict(mean=0, sd=1), dict(mean=1.5, sd=2), dict(mean=-3e3, sd=1e-3)]),
    ("HalfNormal", half_normal, [dict(sd=1), dict(sd=25)]),
    ("LogNormal", log_normal, [dict(meanLog=0.3, sdLog=0.7), dict(meanLog=-4, sdLog=3)]),
    ("StudentT", student_t, [
        dict(df=4, mean=1, scale=2), dict(df=1.5, mean=0, scale=1), dict(df=0.7, mean=0, scale=3),
        dict(df=300, mean=-2, scale=0.1)]),
    ("HalfStudentT", half_student_t, [dict(df=3, scale=2.5), dict(df=1.2, scale=1)]),
    ("Cauchy", cauchy, [dict(location=-1, scale=0.5)]),
    ("HalfCauchy", half_cauchy, [dict(scale=5)]),
    ("Laplace", laplace, [dict(location=2, scale=1.5)]),
    ("Logistic", logistic, [dict(location=0, scale=1), dict(location=10, scale=0.2)]),
    ("Gumbel", gumbel, [dict(location=0.5, scale=2)]),
    ("Exponential", exponential, [dict(rate=1.7), dict(rate=1e-4)]),
    ("Gamma", gamma, [
        dict(shape=2.5, rate=0.8), dict(shape=0.3, rate=2), dict(shape=1, rate=3),
        dict(shape=150, rate=0.1)]),
    ("InverseGamma", inverse_gamma, [
        dict(shape=3, scale=2), dict(shape=0.8, scale=1), dict(shape=1.5, scale=4),
        dict(shape=40, scale=10)]),
    ("ChiSquared", chi_squared, [dict(df=3), dict(df=1), dict(df=80)]),
    ("Beta", beta, [
        dict(alpha=0.5, beta=2), dict(alpha=2, beta=3), dict(alpha=1, beta=1),
        dict(alpha=80, beta=400)]),
    ("Uniform", uniform, [dict(low=-1, high=3)]),
    ("Weibull", weibull, [dict(shape=1.5, scale=2), dict(shape=0.6, scale=1),
                          dict(shape=40, scale=3)]),
    ("Pareto", pareto, [dict(shape=3, scale=1.2), dict(shape=1.4, scale=2)]),
    ("VonMises", von_mises, [
        dict(mean=0.5, concentration=2), dict(mean=0, concentration=0.1),
        dict(mean=-1, concentration=60)]),
    ("SkewNormal", skew_normal, [
        dict(location=0, scale=1, shape=4), dict(location=1, scale=2, shape=-1.5),
        dict(location=0, scale=1, shape=0)]),
    ("InverseGaussian", inverse_gaussian, [
        dict(mean=1, shape=1), dict(mean=3, shape=0.5), dict(mean=2, shape=40)]),
    ("Bernoulli", bernoulli, [dict(p=0.3), dict(p=1e-9)]),
    ("BernoulliLogit", bernoulli_logit, [dict(logit=-1.2), dict(logit=30)]),
    ("Binomial", binomial, [dict(n=12, p=0.35), dict(n=1000, p=0.02), dict(n=500, p=0.9)]),
    ("BetaBinomial", beta_binomial, [
        dict(n=10, alpha=2, beta=3), dict(n=60, alpha=0.4, beta=0.7),
        dict(n=200, alpha=30, beta=20)]),
    ("Poisson", poisson, [dict(rate=6.5), dict(rate=0.02), dict(rate=900)]),
    ("NegativeBinomial", negative_binomial, [
        dict(mean=4.5, dispersion=3), dict(mean=20, dispersion=0.4),
        dict(mean=10, dispersion=1e5)]),
    ("Geometric", geometric, [dict(p=0.2), dict(p=0.9)]),
    ("Hypergeometric", hypergeometric, [
        dict(draws=10, successes=12, population=30), dict(draws=80, successes=150, population=200),
        dict(draws=300, successes=400, population=5000)]),
    ("Categorical", categorical, [dict(probabilities=[0.2, 0.5, 0, 0.3]),
                                  dict(probabilities=[3, 1, 1e-8])]),
    ("DiscreteUniform", discrete_uniform, [dict(low=2, high=7), dict(low=-40, high=40)]),
    ("OrderedLogistic", ordered_logistic, [dict(location=0.4, cutpoints=[-1, 0.5, 2.5]),
                                           dict(location=9, cutpoints=[0, 0.001])]),
]

PROBABILITIES = [1e-12, 1e-5, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1 - 1e-5, 1 - 1e-12]


def number(x):
    x = float(x)
    return x if math.isfinite(x) else str(x)


def log(x):
    return -inf if x == 0 else mp.log(x)


def log_share(share, rest):
    """log(share) with share + rest = 1: from the smaller one."""
    return mp.log1p(-rest) if rest < 0.1 else log(share)


def points(family):
    if isinstance(family, Discrete):
        values = set()
        top = family.high
        if family.frozen is not None:
            values = {int(family.frozen.ppf(p)) for p in PROBABILITIES}
            top = min(top, int(family.frozen.ppf(1 - 1e-14)) + 3)
        else:
            values = set(range(family.low, family.high + 1))
        values |= {family.low, top}
        for k in sorted(values):
            yield k, log(family.pmf(k)), family.cdf(k), family.sf(k)
    else:
        # The value is rounded to double before it is used.
        for x in sorted({float(f"{family.frozen.ppf(p):.6g}") for p in PROBABILITIES}):
            m = real(x)
            if not 0 < family.cdf(m) < 1:
                continue
            yield x, log(family.pdf(m)), family.cdf(m), family.sf(m)


def main():
    cases = []
    for name, make, parameter_sets in CASES:
        for parameters in parameter_sets:
            family = make(**parameters)
            rows = [
                [x, number(d), number(c), number(log_share(c, s)), number(log_share(s, c))]
                for x, d, c, s in points(family)
            ]
            quantiles = []
            # scipy's von Mises quantiles are approximate above concentration 50.
            if family.frozen is not None and parameters.get("concentration", 0) < 50:
                quantiles = [[p, float(family.frozen.ppf(p))] for p in PROBABILITIES]
            cases.append({
                "family": name,
                "parameters": parameters,
                "mean": number(family.mean),
                "variance": number(family.variance),
                "points": rows,
                "quantiles": quantiles,
            })
    lines = ",\n".join(json.dumps(case) for case in cases)
    print('{"columns": ["x", "logDensity", "cdf", "logCdf", "logSf"],\n"cases": [\n' + lines + "\n]}")


main()

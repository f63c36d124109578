"""Writes density values for the score tests as Swift: python3 density_values.py > ../DensityValues.swift"""
from mpmath import mp, mpf, log, loggamma, pi, exp

mp.dps = 50


def normal(x, m, s):
    return -((x - m) / s) ** 2 / 2 - log(s) - log(2 * pi) / 2


def lbeta(a, b):
    return loggamma(a) + loggamma(b) - loggamma(a + b)


def lchoose(n, k):
    return loggamma(n + 1) - loggamma(k + 1) - loggamma(n - k + 1)


families = {
    "exponential": (lambda x, r: log(r) - r * x, [(0.0, 2.0), (1.5, 0.25), (700.0, 3.0)]),
    "normal": (normal, [(0.3, 1.0, 2.0), (-40.0, 1.0, 0.5), (1e-3, 0.0, 1e-3)]),
    "lognormal": (lambda x, m, s: normal(log(x), m, s) - log(x), [(0.3, 1.0, 2.0), (90.0, 0.5, 1.5)]),
    "laplace": (lambda x, m, s: -abs(x - m) / s - log(2 * s), [(0.3, 1.0, 2.0), (-5.0, 0.0, 0.1)]),
    "cauchy": (lambda x, m, s: -log(pi * s) - log(1 + ((x - m) / s) ** 2),
               [(0.3, 1.0, 2.0), (1e12, 0.0, 0.5)]),
    "uniform": (lambda x, a, b: -log(b - a), [(0.3, -1.0, 2.0)]),
    "gamma": (lambda x, a, b: a * log(b) + (a - 1) * log(x) - b * x - loggamma(a),
              [(0.3, 0.5, 2.0), (12.0, 40.0, 3.5), (1e5, 1e5, 1.0), (1.0, 200.0, 2.0), (3.0, 1.0, 1.0)]),
    "beta": (lambda x, a, b: (a - 1) * log(x) + (b - 1) * log(1 - x) - lbeta(a, b),
             [(0.3, 0.5, 2.0), (0.75, 30.0, 12.0), (0.01, 1.0, 1.0)]),
    "student_t": (lambda x, v, m, s: loggamma((v + 1) / 2) - loggamma(v / 2) - log(v * pi) / 2 - log(s)
                  - (v + 1) / 2 * log(1 + ((x - m) / s) ** 2 / v),
                  [(0.3, 4.0, 1.0, 2.0), (50.0, 1.5, 0.0, 1.0), (1.0, 1e6, 0.0, 1.0)]),
    "bernoulli": (lambda x, p: log(p) if x == 1 else log(1 - p), [(1, 0.3), (0, 0.3), (0, 1e-20)]),
    "poisson": (lambda k, r: k * log(r) - r - loggamma(k + 1),
                [(0, 2.5), (1, 2.5), (2, 2.5), (3, 2.5), (40, 2.5), (1000000, 1000500.0), (5, 1e-8), (4, 900.0)]),
    "geometric": (lambda k, p: k * log(1 - p) + log(p), [(0, 0.3), (12, 0.3), (1000, 1e-3)]),
    "binomial": (lambda k, n, p: lchoose(n, k) + k * log(p) + (n - k) * log(1 - p),
                 [(0, 10, 0.3), (10, 10, 0.3), (1, 10, 0.3), (9, 10, 0.3), (3, 10, 0.3), (1, 2, 0.25),
                  (500300, 1000000, 0.5), (3, 1000000, 0.5), (7, 1000, 1e-9)]),
}

print("/// Value, parameters, then the log-density, from Reference/density_values.py.")
print("enum DensityValues {")
print("  static let byFamily: [String: [[Double]]] = [")
for name, (function, points) in families.items():
    print(f'    "{name}": [')
    for point in points:
        value = function(*[mpf(x) for x in point])
        words = ", ".join(repr(float(x)) for x in [*point, value])
        print(f"      [{words}],")
    print("    ],")
print("  ]")
print("}")

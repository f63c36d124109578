"""Writes the reference values of the kernel tests as Swift: python3 reference_values.py > ../ReferenceValues.swift

Values are computed with 60 digits by mpmath at arguments that are exact doubles, and rounded once.
"""
import math
import random

from mpmath import (mp, mpf, exp, log, log1p, expm1, sin, cos, tan, asin, acos, atan, sinh, cosh,
                    tanh, loggamma, digamma, psi, erf, erfc, sqrt, pi, power, atan2, hypot, re,
                    findroot)

mp.dps = 60
random.seed(20)
uniform = random.uniform


def spread(low, high):
    """Log-uniform in magnitude between 2^low and 2^high."""
    return 2.0 ** uniform(low, high)


def phi(x):
    return erfc(-x / sqrt(mpf(2))) / 2


def quantile(p):
    start = mpf(0)
    step = mpf(40)
    low, high = -step, step
    for _ in range(60):
        start = (low + high) / 2
        if phi(start) < p:
            low = start
        else:
            high = start
    return findroot(lambda x: log(phi(x)) - log(p), start) if p < mpf("0.5") else \
        findroot(lambda x: phi(x) - p, start)


def lbeta(a, b):
    return loggamma(a) + loggamma(b) - loggamma(a + b)


def lchoose(n, k):
    return loggamma(n + 1) - loggamma(k + 1) - loggamma(n - k + 1)


unary = {
    "exp": (exp, [lambda: uniform(-745, 709), lambda: uniform(-1, 1)]),
    "log": (log, [lambda: spread(-1074, 1020), lambda: uniform(0.5, 2)]),
    "log1p": (log1p, [lambda: uniform(-0.99, 3), lambda: -spread(-60, -1), lambda: spread(0, 900)]),
    "expm1": (expm1, [lambda: uniform(-2, 2), lambda: -spread(-60, 5), lambda: uniform(1, 700)]),
    "sqrt": (sqrt, [lambda: spread(-1000, 1000)]),
    "sin": (sin, [lambda: uniform(-10, 10), lambda: uniform(-1e6, 1e6), lambda: spread(20, 1020)]),
    "cos": (cos, [lambda: uniform(-10, 10), lambda: uniform(-1e6, 1e6), lambda: spread(20, 1020)]),
    "tan": (tan, [lambda: uniform(-10, 10), lambda: uniform(-1e6, 1e6), lambda: spread(20, 1020)]),
    "asin": (asin, [lambda: uniform(-1, 1), lambda: 1 - spread(-50, -2)]),
    "acos": (acos, [lambda: uniform(-1, 1), lambda: 1 - spread(-50, -2)]),
    "atan": (atan, [lambda: uniform(-3, 3), lambda: -spread(-40, 60)]),
    "sinh": (sinh, [lambda: uniform(-2, 2), lambda: uniform(-710, 710)]),
    "cosh": (cosh, [lambda: uniform(-2, 2), lambda: uniform(-710, 710)]),
    "tanh": (tanh, [lambda: uniform(-2, 2), lambda: uniform(-20, 20)]),
    "lgamma": (loggamma, [lambda: uniform(0, 4), lambda: spread(-60, 300)]),
    "digamma": (digamma, [lambda: uniform(0.01, 1.3), lambda: uniform(1.7, 5), lambda: spread(2, 60)]),
    "trigamma": (lambda x: psi(1, x), [lambda: uniform(0.01, 5), lambda: spread(2, 60)]),
    "erf": (erf, [lambda: uniform(-1.5, 1.5), lambda: uniform(-6, 6)]),
    "erfc": (erfc, [lambda: uniform(-1.5, 1.5), lambda: uniform(0, 26)]),
    "normal_cdf": (phi, [lambda: uniform(-37, 0), lambda: uniform(-3, 5)]),
    "normal_log_cdf": (lambda x: log(phi(x)), [lambda: uniform(-200, 0), lambda: uniform(-2, 7)]),
    "normal_quantile": (quantile, [lambda: uniform(0, 1), lambda: spread(-1000, -2)]),
    "logistic": (lambda x: 1 / (1 + exp(-x)), [lambda: uniform(-3, 3), lambda: uniform(-700, 40)]),
    "logit": (lambda p: log(p / (1 - p)), [lambda: uniform(0, 1), lambda: spread(-900, -1)]),
    "log1pexp": (lambda x: log1p(exp(x)), [lambda: uniform(-3, 3), lambda: uniform(-700, 700)]),
}
binary = {
    "pow": (power, [lambda: (spread(-8, 8), uniform(-60, 60)),
                    lambda: (1 + uniform(-1e-4, 1e-4), uniform(-1e6, 1e6))]),
    "atan2": (atan2, [lambda: (uniform(-2, 2), uniform(-2, 2)), lambda: (spread(-300, 300), -spread(-300, 300))]),
    "hypot": (hypot, [lambda: (uniform(-2, 2), uniform(-2, 2)), lambda: (spread(500, 1000), spread(500, 1000))]),
    "logaddexp": (lambda a, b: log(exp(a) + exp(b)), [lambda: (uniform(1, 9), uniform(1, 9)),
                                                      lambda: (uniform(-700, -600), uniform(-700, -600))]),
    "lbeta": (lbeta, [lambda: (spread(3, 20), spread(3, 20)), lambda: (spread(-4, -1), spread(-4, -1))]),
    "lchoose": (lchoose, [lambda: (float(random.randint(60, 10 ** 6)), float(random.randint(2, 50)))]),
    "mod": (lambda x, y: mpf(math.fmod(x, y)), [lambda: (uniform(-100, 100), uniform(-3, 3)),
                                                lambda: (spread(-1000, 1000), spread(-1000, 1000))]),
}


def literal(x):
    x = float(x)
    return ("-" if math.copysign(1, x) < 0 else "") + abs(x).hex()


def table(name, entries, arity):
    print(f'    "{name}": [')
    for arguments, value in entries:
        words = ", ".join(literal(a) for a in arguments) + f", {literal(value)}"
        line = f"      {words},"
        if len(line) > 100:
            for a in [*arguments, value]:
                print(f"      {literal(a)},")
        else:
            print(line)
    print("    ],")


print("/// Arguments followed by the correctly rounded value, from Reference/reference_values.py.")
print("enum ReferenceValues {")
print("  static let unary: [String: [Double]] = [")
for name, (function, sources) in unary.items():
    entries = []
    for source in sources:
        for _ in range(12 // len(sources)):
            x = source()
            entries.append(((x,), re(function(mpf(x)))))
    table(name, entries, 1)
print("  ]")
print()
print("  static let binary: [String: [Double]] = [")
for name, (function, sources) in binary.items():
    entries = []
    for source in sources:
        for _ in range(12 // len(sources)):
            x, y = source()
            entries.append(((x, y), re(function(mpf(x), mpf(y)))))
    table(name, entries, 2)
print("  ]")
print("}")

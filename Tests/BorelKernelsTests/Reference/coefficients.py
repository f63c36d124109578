"""Prints the polynomial coefficients used in Sources/BorelKernels.

Near-minimax fits: interpolation at Chebyshev nodes in 60-digit arithmetic, expanded in
powers of the shifted variable and rounded to double. The printed `error` is the largest error of the
rounded polynomial on a fine grid, relative to the weight given with each fit.

Needs mpmath. Run: python3 coefficients.py
"""
from mpmath import mp, mpf, cos, pi, exp, log, sin, atan, asin, loggamma, digamma, erfc, erf, sqrt
from mpmath import matrix, lu_solve, euler, diff, findroot, psi

mp.dps = 60


def fit(name, function, low, high, degree, centre=0, weight=lambda x: mpf(1)):
    """Interpolates `function` on [low, high] by powers of (x - centre)."""
    low, high, centre = mpf(low), mpf(high), mpf(centre)
    count = degree + 1
    nodes = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * i + 1) / (2 * count))
             for i in range(count)]
    rows = matrix(count, count)
    for i, x in enumerate(nodes):
        for j in range(count):
            rows[i, j] = (x - centre) ** j
    solved = lu_solve(rows, matrix([function(x) for x in nodes]))
    rounded = [float(c) for c in solved]
    error = mpf(0)
    for i in range(301):
        x = low + (high - low) * i / 300 + mpf(10) ** -25
        value = sum(mpf(c) * (x - centre) ** j for j, c in enumerate(rounded))
        error = max(error, abs(value - function(x)) * weight(x))
    print(f"/* {name}: degree {degree}, error {float(error):.2e} */")
    print(",\n".join("  " + c.hex() for c in rounded))
    print()


def expm1_tail(r):
    return (exp(r) - 1 - r) / r ** 2 if abs(r) > 1e-20 else mpf(1) / 2


def atanh_tail(z):
    s = sqrt(z)
    return (log((1 + s) / (1 - s)) - 2 * s) / (s * z) if z > 1e-20 else mpf(2) / 3


def atanh_tail2(z):
    return (atanh_tail(z) - mpf(2) / 3) / z if z > 1e-15 else mpf(2) / 5


def sin_tail(z):
    r = sqrt(z)
    return (sin(r) - r) / (r * z) if z > 1e-20 else -mpf(1) / 6


def cos_tail(z):
    return (cos(sqrt(z)) - 1 + z / 2) / z ** 2 if z > 1e-14 else mpf(1) / 24


def atan_tail(z):
    r = sqrt(z)
    return (atan(r) - r) / (r * z) if z > 1e-20 else -mpf(1) / 3


def asin_tail(z):
    r = sqrt(z)
    return (asin(r) - r) / (r * z) if z > 1e-20 else mpf(1) / 6


def lgamma_ratio(x):
    if abs(x - 1) < 1e-20:
        return euler
    if abs(x - 2) < 1e-20:
        return 1 - euler
    return loggamma(x) / ((x - 1) * (x - 2))


def stirling(w):
    """x times the remainder of Stirling's series, as a function of w = 1/x^2."""
    if w < 1e-8:
        return mpf(1) / 12 - w / 360 + w ** 2 / 1260 - w ** 3 / 1680 + w ** 4 / 1188
    x = 1 / sqrt(w)
    return x * (loggamma(x) - ((x - mpf(1) / 2) * log(x) - x + log(2 * pi) / 2))


root = findroot(digamma, mpf("1.4616321449683623"))


def digamma_ratio(x):
    return digamma(x) / (x - root) if abs(x - root) > 1e-20 else diff(digamma, root)


def digamma_tail(w):
    if w < 1e-8:
        return -mpf(1) / 12 + w / 120 - w ** 2 / 252 + w ** 3 / 240 - w ** 4 * 5 / 660
    x = 1 / sqrt(w)
    return (digamma(x) - log(x) + 1 / (2 * x)) / w


def trigamma_tail(w):
    if w < 1e-8:
        return mpf(1) / 6 - w / 30 + w ** 2 / 42 - w ** 3 / 30
    x = 1 / sqrt(w)
    return (psi(1, x) - 1 / x - 1 / (2 * x * x)) * x ** 3


def scaled_erfc(q):
    """(1 + 2x) exp(x^2) erfc(x) where q = (x - 4)/(x + 4)."""
    x = 4 * (1 + q) / (1 - q) if q < 1 - mpf(10) ** -20 else mpf(10) ** 20
    if x > 1000:
        return (1 + 2 * x) / (x * sqrt(pi)) * (1 - 1 / (2 * x ** 2) + 3 / (4 * x ** 4) - 15 / (8 * x ** 6))
    return (1 + 2 * x) * exp(x * x) * erfc(x)


def erf_tail(z):
    x = sqrt(z)
    return erf(x) / x - 1 if z > 1e-20 else 2 / sqrt(pi) - 1


if __name__ == "__main__":
    half_ln2 = 0.34667
    fit("exp: (exp(r) - 1 - r)/r^2", expm1_tail, -half_ln2, half_ln2, 9, weight=lambda r: r * r)
    fit("log: (2 atanh(s) - 2 s)/s^3 in s^2", atanh_tail, 0, 0.02950, 6, weight=lambda z: z)
    fit("pow: next atanh tail in s^2", atanh_tail2, 0, 0.02950, 8, weight=lambda z: z * z)
    quarter = (0.7855) ** 2
    fit("sin: (sin r - r)/r^3 in r^2", sin_tail, 0, quarter, 5, weight=lambda z: z)
    fit("cos: (cos r - 1 + r^2/2)/r^4 in r^2", cos_tail, 0, quarter, 5, weight=lambda z: z * z)
    fit("atan: (atan t - t)/t^3 in t^2", atan_tail, 0, 0.17158, 11, weight=lambda z: z)
    fit("asin: (asin x - x)/x^3 in x^2", asin_tail, 0, 0.25, 12, weight=lambda z: z)
    fit("lgamma: ratio on [1, 3] in x - 2", lgamma_ratio, 1, 3, 25, centre=2)
    fit("lgamma: Stirling remainder in 1/x^2, x >= 3", stirling, 0, mpf(1) / 9, 10)
    fit("digamma: ratio on [1, 3] in x - 2", digamma_ratio, 1, 3, 27, centre=2)
    print("/* digamma root", float(root).hex(), float(root - mpf(float(root))).hex(), "*/\n")
    fit("digamma: remainder in 1/x^2, x >= 3", digamma_tail, 0, mpf(1) / 9, 11)
    fit("trigamma: remainder in 1/x^2, x >= 3", trigamma_tail, 0, mpf(1) / 9, 11)
    fit("erfc: (1 + 2x) exp(x^2) erfc(x) in (x - 4)/(x + 4)", scaled_erfc, -1, 1, 24)
    fit("erf: erf(x)/x - 1 in x^2", erf_tail, 0, 1, 13)

"""Writes vector.json: log-densities of distributions over vectors and matrices by scipy.

Arguments are those of the first parametrisation; matrices are lists of rows. LKJ is normalised by
numerical integration, random walks and autoregressions are multivariate normals whose covariance is
the product of the inverse of their difference operator with its transpose.

    python3 make_vector_reference.py > vector.json
"""

import json
import math

import numpy as np
import scipy.integrate as integrate
import scipy.stats as st

rng = np.random.default_rng(20)
cases = []


def plain(x):
    if isinstance(x, np.ndarray):
        return x.tolist()
    return x


def add(family, arguments, value, log_density):
    cases.append({
        "family": family,
        "arguments": [{kind: plain(x)} for kind, x in arguments],
        "value": plain(value),
        "logDensity": "-inf" if log_density == -math.inf else float(log_density),
    })


def random_covariance(size):
    a = rng.normal(size=(size, size + 2))
    return np.round(a @ a.T / size + np.eye(size) * 0.2, 3)


for n, p in [(5, [0.2, 0.5, 0.3]), (30, [0.25, 0.25, 0.25, 0.25]), (4, [0.6, 0.0, 0.4]), (3, [1.0])]:
    for x in st.multinomial(n, p).rvs(4, random_state=1):
        add("Multinomial", [("int", n), ("reals", p)], x, st.multinomial(n, p).logpmf(x))

for a in [[1.0, 1.0, 1.0], [0.3, 2.5, 7.0], [50.0, 20.0], [0.01, 0.02, 0.4, 3.0]]:
    for x in st.dirichlet(a).rvs(4, random_state=2):
        x = np.maximum(x, 1e-12)
        x = x / x.sum()
        add("Dirichlet", [("reals", a)], x, st.dirichlet(a).logpdf(x))

for n, a in [(6, [1.0, 2.0, 0.5]), (40, [0.2, 0.3]), (12, [30.0, 20.0, 50.0, 1.0])]:
    model = st.dirichlet_multinomial(a, n)
    for p in st.dirichlet(a).rvs(4, random_state=3):
        x = st.multinomial(n, p).rvs(random_state=4)[0]
        add("DirichletMultinomial", [("int", n), ("reals", a)], x, model.logpmf(x))

for size in [1, 2, 4]:
    mean = np.round(rng.normal(size=size), 2)
    covariance = random_covariance(size)
    lower = np.linalg.cholesky(covariance)
    for _ in range(4):
        x = np.round(mean + rng.normal(size=size) * 2, 3)
        add("MultivariateNormal", [("reals", mean), ("matrix", lower)], x,
            st.multivariate_normal(mean, covariance).logpdf(x))
        for df in [0.7, 5.0, 200.0]:
            add("MultivariateStudentT", [("real", df), ("reals", mean), ("matrix", lower)], x,
                st.multivariate_t(mean, covariance, df=df).logpdf(x))

for size in [1, 2, 3]:
    scale = random_covariance(size)
    lower = np.linalg.cholesky(scale)
    for df in [size - 0.5, size + 1.5, size + 20.0]:
        for _ in range(3):
            x = random_covariance(size)
            if df >= size:
                value = st.wishart(df, scale).logpdf(x)
                inverse = st.invwishart(df, scale).logpdf(x)
            else:
                # scipy refuses df between size - 1 and size.
                p = size
                gamma = sum(math.lgamma(df / 2 - i / 2) for i in range(p)) \
                    + p * (p - 1) / 4 * math.log(math.pi)
                logdet = lambda m: np.linalg.slogdet(m)[1]
                value = ((df - p - 1) / 2 * logdet(x) - np.trace(np.linalg.solve(scale, x)) / 2
                         - df * p / 2 * math.log(2) - df / 2 * logdet(scale) - gamma)
                inverse = (-(df + p + 1) / 2 * logdet(x) - np.trace(np.linalg.solve(x, scale)) / 2
                           - df * p / 2 * math.log(2) + df / 2 * logdet(scale) - gamma)
            add("Wishart", [("real", df), ("matrix", lower)], x, value)
            add("InverseWishart", [("real", df), ("matrix", lower)], x, inverse)


def lkj_normaliser(eta):
    """The integral of det(R)^(eta - 1) over 3 x 3 correlation matrices.

    For given r12 and r13, r23 = r12 r13 + u s with s^2 = (1 - r12^2)(1 - r13^2), and
    det R = s^2 (1 - u^2): the integral separates.
    """
    line = lambda power: integrate.quad(lambda t: (1 - t * t) ** power, -1, 1)[0]
    return line(eta - 0.5) ** 2 * line(eta - 1)


for eta in [0.8, 1.0, 3.5]:
    for r in [-0.9, 0.0, 0.4]:
        add("LKJ", [("int", 2), ("real", eta)], np.array([[1, r], [r, 1]]),
            st.beta(eta, eta).logpdf((r + 1) / 2) - math.log(2))
    for a, b, c in [(0.1, -0.2, 0.3), (0.8, 0.7, 0.5), (0.0, 0.0, 0.0)]:
        matrix = np.array([[1, a, b], [a, 1, c], [b, c, 1]])
        add("LKJ", [("int", 3), ("real", eta)], matrix,
            (eta - 1) * math.log(np.linalg.det(matrix)) - math.log(lkj_normaliser(eta)))
add("LKJ", [("int", 1), ("real", 2.0)], np.array([[1.0]]), 0.0)
add("LKJ", [("int", 3), ("real", 2.0)], np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]),
    -math.inf)

for alpha, count in [(0.5, 3), (1.0, 4), (3.0, 5), (2.0, 1)]:
    for _ in range(3):
        breaks = np.append(st.beta(1, alpha).rvs(count - 1, random_state=rng), 1.0)
        rest = np.cumprod(np.append(1.0, 1 - breaks[:-1]))
        log_density = st.beta(1, alpha).logpdf(breaks[:-1]).sum() - np.log(rest[:-1]).sum()
        add("StickBreaking", [("real", alpha), ("int", count)], breaks * rest, log_density)

for count in [1, 2, 6]:
    for coefficients, sd, mean in [([0.6], 0.5, 2.0), ([0.5, -0.3, 0.2], 2.0, -1.0), ([1.3], 1.0, 0.0)]:
        operator = np.eye(count)
        for lag, c in enumerate(coefficients, start=1):
            operator -= c * np.eye(count, k=-lag)
        inverse = np.linalg.inv(operator)
        model = st.multivariate_normal(np.full(count, mean), sd * sd * inverse @ inverse.T)
        x = np.round(mean + rng.normal(size=count), 3)
        add("AR", [("reals", coefficients), ("real", sd), ("int", count), ("real", mean)], x,
            model.logpdf(x))
    operator = np.eye(count) - np.eye(count, k=-1)
    inverse = np.linalg.inv(operator)
    model = st.multivariate_normal(np.full(count, 0.7), 0.09 * inverse @ inverse.T)
    x = np.round(0.7 + rng.normal(size=count), 3)
    add("RandomWalk", [("real", 0.3), ("int", count), ("real", 0.7)], x, model.logpdf(x))

print('{"cases": [')
print(",\n".join(json.dumps(case) for case in cases))
print("]}")

"""Observations of the models of filter.cpp, and exact log evidence where it is known.

    python3 Benchmarks/simulate.py [steps]

prints observations of the linear model, one a line, and on standard error their log evidence.
"""

import math
import random
import sys

PHI = 0.9
SEED = 20240229


def observations(steps):
    """Draws from the model; the same ones every time."""
    generator = random.Random(SEED)
    x = generator.gauss(0, 1 / math.sqrt(1 - PHI**2))
    result = []
    for _ in range(steps):
        result.append(generator.gauss(x, 1))
        x = generator.gauss(PHI * x, 1)
    return result


def log_evidence(ys):
    """Exact, by the Kalman filter."""
    mean, variance = 0.0, 1 / (1 - PHI**2)
    result = 0.0
    for y in ys:
        predictive = variance + 1
        result -= 0.5 * (math.log(2 * math.pi * predictive) + (y - mean) ** 2 / predictive)
        gain = variance / predictive
        mean, variance = mean + gain * (y - mean), variance * (1 - gain)
        mean, variance = PHI * mean, PHI**2 * variance + 1
    return result


def smoothed_sum(ys):
    """The posterior mean of the sum of the states, by the Kalman smoother."""
    mean, variance = 0.0, 1 / (1 - PHI**2)
    filtered, predicted = [], []
    for y in ys:
        predicted.append((mean, variance))
        gain = variance / (variance + 1)
        mean, variance = mean + gain * (y - mean), variance * (1 - gain)
        filtered.append((mean, variance))
        mean, variance = PHI * mean, PHI**2 * variance + 1
    smoothed = filtered[-1][0]
    result = smoothed
    for t in range(len(ys) - 2, -1, -1):
        gain = filtered[t][1] * PHI / predicted[t + 1][1]
        smoothed = filtered[t][0] + gain * (smoothed - predicted[t + 1][0])
        result += smoothed
    return result


def volatility(steps):
    """Returns whose log variance is a first-order autoregression."""
    generator = random.Random(SEED + 1)
    x = generator.gauss(-1, 0.3 / math.sqrt(1 - 0.95**2))
    result = []
    for _ in range(steps):
        result.append(generator.gauss(0, math.exp(x / 2)))
        x = generator.gauss(0.95 * x - 0.05, 0.3)
    return result


def growth(steps):
    """The nonlinear growth model, observed through its square."""
    generator = random.Random(SEED + 2)
    x = generator.gauss(0, 2)
    result = []
    for t in range(steps):
        if t > 0:
            mean = x / 2 + 25 * x / (1 + x * x) + 8 * math.cos(1.2 * t)
            x = generator.gauss(mean, math.sqrt(10))
        result.append(generator.gauss(x * x / 20, 1))
    return result


def geometric_log_evidence():
    """Exact log evidence of programs/geometric.ppl and recursion.ppl: 5 ~ Normal(n, 1), P(n) = 2^-(n+1)."""
    terms = (2.0 ** -(n + 1) * math.exp(-0.5 * (5 - n) ** 2) for n in range(60))
    return math.log(sum(terms) / math.sqrt(2 * math.pi))


if __name__ == "__main__":
    ys = observations(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
    print(*ys, sep="\n")
    print(f"log evidence {log_evidence(ys):.6f}", file=sys.stderr)

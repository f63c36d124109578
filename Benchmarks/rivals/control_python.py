"""The programs with random control flow as loops in Python: NAME RUNS REPEATS."""

import math
import platform
import random
import sys

from measure import emit, timed

HALF_LOG_TWO_PI = 0.5 * math.log(2 * math.pi)


def score(x, mean, sd):
    return -0.5 * ((x - mean) / sd) ** 2 - math.log(sd) - HALF_LOG_TWO_PI


def geometric():
    n = 0
    while random.random() < 0.5:
        n += 1
    return score(5, n, 1)


def walk():
    position = random.uniform(0, 3)
    distance = 0.0
    while position > 0 and distance < 10:
        step = random.uniform(-1, 1)
        distance += abs(step)
        position += step
    return score(1.1, distance, 0.1)


def depth():
    if random.random() < 0.6:
        return 1
    return 1 + max(depth(), depth())


def tree():
    return score(7, depth(), 0.5)


def main():
    program = {"geometric": geometric, "walk": walk, "tree": tree}[sys.argv[1]]
    runs = int(sys.argv[2])

    def run():
        return math.log(sum(math.exp(program()) for _ in range(runs)) / runs)

    values, seconds = timed(run, int(sys.argv[3]), warm=False)
    emit("Python loop", platform.python_version(), seconds, values)


if __name__ == "__main__":
    main()

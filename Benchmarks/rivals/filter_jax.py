"""The linear filter written by hand in JAX, compiled once: DATA PARTICLES STEPS REPEATS [single].

Systematic resampling at half the effective sample size; ancestors by counting, which is much faster
on a processor than a search.
"""

import functools
import math
import sys

import jax
import jax.numpy as jnp
import numpy
from jax import lax, random

from measure import emit, timed

SINGLE = "single" in sys.argv
jax.config.update("jax_enable_x64", not SINGLE)


def resample(state, key):
    x, weights, total = state
    count = x.shape[0]
    shares = jnp.cumsum(weights) * (count / total)
    firsts = jnp.clip(jnp.ceil(shares - random.uniform(key)), 0, count).astype(jnp.int32)
    ancestors = jnp.cumsum(jnp.zeros(count + 1, jnp.int32).at[firsts].add(1))[:count]
    return x[jnp.minimum(ancestors, count - 1)], jnp.zeros(count, x.dtype)


@functools.partial(jax.jit, static_argnums=1)
def log_evidence(ys, count, key):
    def weigh(x, log_weights, y, key, evidence, before):
        log_weights = log_weights - 0.5 * (y - x) ** 2 - 0.5 * math.log(2 * math.pi)
        largest = log_weights.max()
        weights = jnp.exp(log_weights - largest)
        total = weights.sum()
        mean = largest + jnp.log(total / count)
        evidence = evidence + mean - before
        few = total * total / (weights * weights).sum() < 0.5 * count
        x, log_weights, before = lax.cond(
            few,
            lambda: (*resample((x, weights, total), key), jnp.zeros_like(mean)),
            lambda: (x, log_weights, mean))
        return x, log_weights, evidence, before

    def step(state, inputs):
        x, log_weights, evidence, before = state
        y, key = inputs
        move, choose = random.split(key)
        x = 0.9 * x + random.normal(move, (count,), dtype=ys.dtype)
        return weigh(x, log_weights, y, choose, evidence, before), None

    first, choose, rest = random.split(key, 3)
    x = random.normal(first, (count,), dtype=ys.dtype) / math.sqrt(1 - 0.81)
    zero = jnp.zeros((), ys.dtype)
    state = weigh(x, jnp.zeros(count, ys.dtype), ys[0], choose, zero, zero)
    state, _ = lax.scan(step, state, (ys[1:], random.split(rest, ys.shape[0] - 1)))
    return state[2]


def main():
    ys = jnp.array(numpy.loadtxt(sys.argv[1])[:int(sys.argv[3])],
                   dtype=jnp.float32 if SINGLE else jnp.float64)
    count, seed = int(sys.argv[2]), [0]

    def run():
        seed[0] += 1
        return float(log_evidence(ys, count, random.key(seed[0])))

    values, seconds = timed(run, int(sys.argv[4]))
    emit("JAX, single precision" if SINGLE else "JAX", jax.__version__, seconds, values)


if __name__ == "__main__":
    main()

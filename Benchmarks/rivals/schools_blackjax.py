"""Eight schools by NUTS of BlackJAX: four chains, 1,000 draws after 1,000 of warm-up; REPEATS."""

import sys
from importlib.metadata import version

import blackjax
import jax
import jax.numpy as jnp
import numpy

from measure import SCHOOLS, emit_chains, timed

jax.config.update("jax_enable_x64", True)
DRAWS = 1_000
Y, SIGMA = jnp.array(SCHOOLS["y"]), jnp.array(SCHOOLS["sigma"])


def log_density(p):
    tau = jnp.exp(p["log_tau"])
    theta = p["mu"] + tau * p["z"]
    prior = -0.5 * (p["mu"] / 5) ** 2 - jnp.log1p((tau / 5) ** 2) + p["log_tau"]
    return prior - 0.5 * (p["z"] ** 2).sum() - 0.5 * (((Y - theta) / SIGMA) ** 2).sum()


def chain(key):
    adapt, start, rest = jax.random.split(key, 3)
    position = {"mu": jax.random.normal(start), "log_tau": jnp.zeros(()),
                "z": jax.random.normal(start, (8,))}
    warmup = blackjax.window_adaptation(blackjax.nuts, log_density, target_acceptance_rate=0.8)
    (state, parameters), _ = warmup.run(adapt, position, DRAWS)
    kernel = blackjax.nuts(log_density, **parameters).step

    def step(state, key):
        state, _ = kernel(key, state)
        return state, state.position

    return jax.lax.scan(step, state, jax.random.split(rest, DRAWS))[1]


def main():
    chains = jax.jit(lambda key: jax.vmap(chain)(jax.random.split(key, 4)))
    seed = [0]

    def run():
        seed[0] += 1
        draws = jax.block_until_ready(chains(jax.random.key(seed[0])))
        mu, tau = numpy.asarray(draws["mu"]), numpy.exp(numpy.asarray(draws["log_tau"]))
        theta = mu[..., None] + tau[..., None] * numpy.asarray(draws["z"])
        return {"mu": mu, "tau": tau, "theta": theta}

    runs, seconds = timed(run, int(sys.argv[1]))
    emit_chains("BlackJAX NUTS", version("blackjax"), runs, seconds)


if __name__ == "__main__":
    main()

"""Eight schools by NUTS of NumPyro: four chains, 1,000 draws after 1,000 of warm-up; REPEATS.

A run compiles anew, so the time of the draws is that of a run with many draws less that of a run with
few, and as much again is charged for the warm-up.
"""

import os
import statistics
import sys

os.environ.setdefault("XLA_FLAGS", "--xla_force_host_platform_device_count=1")
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy  # noqa: E402
import numpyro  # noqa: E402
import numpyro.distributions as dist  # noqa: E402
from numpyro.infer import MCMC, NUTS  # noqa: E402

from measure import SCHOOLS, emit_chains, timed  # noqa: E402

numpyro.enable_x64()
DRAWS, LONGER = 1_000, 20


def model():
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    z = numpyro.sample("z", dist.Normal(0, 1).expand([8]))
    theta = numpyro.deterministic("theta", mu + tau * z)
    numpyro.sample("y", dist.Normal(theta, jnp.array(SCHOOLS["sigma"])),
                   obs=jnp.array(SCHOOLS["y"]))


def main():
    seed = [0]

    def run(draws):
        seed[0] += 1
        sampler = MCMC(NUTS(model), num_warmup=DRAWS, num_samples=draws, num_chains=4,
                       chain_method="vectorized", progress_bar=False)
        sampler.run(jax.random.PRNGKey(seed[0]))
        draws = sampler.get_samples(group_by_chain=True)
        return {name: numpy.asarray(draws[name]) for name in ("mu", "tau", "theta")}

    runs, short = timed(lambda: run(DRAWS), int(sys.argv[1]))
    _, long = timed(lambda: run(DRAWS * (1 + LONGER)), int(sys.argv[1]), warm=False)
    seconds = 2 * (statistics.median(long) - statistics.median(short)) / LONGER
    emit_chains("NumPyro NUTS", numpyro.__version__, runs, [seconds] * len(runs))


if __name__ == "__main__":
    main()

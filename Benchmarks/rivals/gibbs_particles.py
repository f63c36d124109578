"""Sweeps of conditional SMC over the volatility model, with the package particles:
DATA PARTICLES SWEEPS."""

import sys
from importlib.metadata import version

import numpy
import particles
from particles import mcmc, state_space_models

from measure import emit, timed


def main():
    ys = numpy.loadtxt(sys.argv[1])
    count, sweeps = int(sys.argv[2]), int(sys.argv[3])
    model = state_space_models.StochVol(mu=-1.0, rho=0.95, sigma=0.3)
    feynman_kac = state_space_models.Bootstrap(ssm=model, data=ys)
    # The first path is one of a filter.
    first = particles.SMC(fk=feynman_kac, N=count, store_history=True)
    first.run()
    state = {"path": first.hist.extract_one_trajectory()}

    def run():
        sampler = mcmc.CSMC(fk=feynman_kac, N=count, xstar=state["path"])
        sampler.run()
        state["path"] = sampler.hist.extract_one_trajectory()
        return float(numpy.sum(state["path"]))

    values, seconds = timed(run, sweeps)
    emit("particles", version("particles"), seconds, values[sweeps // 5:])


if __name__ == "__main__":
    main()

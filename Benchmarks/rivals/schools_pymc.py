"""Eight schools by NUTS of PyMC (nutpie): four chains, 1,000 draws after 1,000 of warm-up; REPEATS."""

import logging
import sys
import warnings

import numpy
import nutpie
import pymc

from measure import SCHOOLS, emit_chains, timed

logging.getLogger("pymc").setLevel(logging.ERROR)
warnings.filterwarnings("ignore")


def main():
    with pymc.Model() as model:
        mu = pymc.Normal("mu", 0, 5)
        tau = pymc.HalfCauchy("tau", 5)
        z = pymc.Normal("z", 0, 1, shape=8)
        theta = pymc.Deterministic("theta", mu + tau * z)
        pymc.Normal("y", theta, numpy.array(SCHOOLS["sigma"]), observed=numpy.array(SCHOOLS["y"]))
    compiled = nutpie.compile_pymc_model(model)
    seed = [0]

    def run():
        seed[0] += 1
        trace = nutpie.sample(compiled, draws=1_000, tune=1_000, chains=4, cores=1, seed=seed[0],
                              progress_bar=False)
        return {name: trace.posterior[name].values for name in ("mu", "tau", "theta")}

    runs, seconds = timed(run, int(sys.argv[1]))
    emit_chains("PyMC NUTS (nutpie)", f"{pymc.__version__}, {nutpie.__version__}", runs, seconds)


if __name__ == "__main__":
    main()

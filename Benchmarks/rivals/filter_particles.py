"""The linear filter with the package particles: DATA PARTICLES STEPS REPEATS."""

import sys
from importlib.metadata import version

import numpy
import particles
from particles import distributions, state_space_models

from measure import emit, timed


class Linear(state_space_models.StateSpaceModel):
    def PX0(self):
        return distributions.Normal(scale=1 / numpy.sqrt(1 - 0.81))

    def PX(self, t, xp):
        return distributions.Normal(loc=0.9 * xp)

    def PY(self, t, xp, x):
        return distributions.Normal(loc=x)


def main():
    ys = numpy.loadtxt(sys.argv[1])[:int(sys.argv[3])]
    count = int(sys.argv[2])

    def run():
        model = state_space_models.Bootstrap(ssm=Linear(), data=ys)
        sampler = particles.SMC(fk=model, N=count, resampling="systematic", ESSrmin=0.5)
        sampler.run()
        return float(sampler.logLt)

    values, seconds = timed(run, int(sys.argv[4]))
    emit("particles", version("particles"), seconds, values)


if __name__ == "__main__":
    main()

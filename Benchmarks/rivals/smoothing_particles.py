"""Smoothed sum of states by PaRIS, with the package particles: DATA PARTICLES STEPS REPEATS."""

import sys
from importlib.metadata import version

import numpy
import particles
from particles import collectors, state_space_models

from filter_particles import Linear
from measure import emit, timed


class Bounded(Linear):
    def upper_bound_log_pt(self, t):
        return -0.5 * numpy.log(2 * numpy.pi)


class Summed(state_space_models.Bootstrap):
    def add_func(self, t, xp, x):
        return x

    def upper_bound_trans(self, t):
        return self.ssm.upper_bound_log_pt(t)


def main():
    ys = numpy.loadtxt(sys.argv[1])[:int(sys.argv[3])]

    def run():
        sampler = particles.SMC(
            fk=Summed(ssm=Bounded(), data=ys), N=int(sys.argv[2]),
            collect=[collectors.Paris(Nparis=2)])
        sampler.run()
        return float(sampler.summaries.paris[-1])

    values, seconds = timed(run, int(sys.argv[4]), warm=False)
    emit("particles", version("particles"), seconds, values)


if __name__ == "__main__":
    main()

"""The linear filter with Pyro's SMCFilter: DATA PARTICLES STEPS REPEATS.

It has no evidence; the mean of the last state is what is compared.
"""

import sys

import numpy
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import SMCFilter

from measure import emit, timed


class Model:
    def init(self, state):
        state["x"] = pyro.sample("x0", dist.Normal(torch.zeros(()), (1 / 0.19) ** 0.5))
        self.t = 0

    def step(self, state, y=None):
        if self.t > 0:
            state["x"] = pyro.sample(f"x{self.t}", dist.Normal(0.9 * state["x"], 1.0))
        pyro.sample(f"y{self.t}", dist.Normal(state["x"], 1.0), obs=y)
        self.t += 1


class Guide:
    def init(self, state):
        state["x"] = pyro.sample("x0", dist.Normal(torch.zeros(()), (1 / 0.19) ** 0.5))
        self.t = 0

    def step(self, state, y=None):
        if self.t > 0:
            state["x"] = pyro.sample(f"x{self.t}", dist.Normal(0.9 * state["x"], 1.0))
        self.t += 1


def main():
    # In single precision systematic resampling leaves the range of indices.
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    ys = torch.tensor(numpy.loadtxt(sys.argv[1])[:int(sys.argv[3])])

    def run():
        smc = SMCFilter(Model(), Guide(), num_particles=int(sys.argv[2]), max_plate_nesting=0)
        with torch.no_grad():
            smc.init()
            for y in ys:
                smc.step(y)
            return float(smc.get_empirical()["x"].mean)

    values, seconds = timed(run, int(sys.argv[4]), warm=False)
    emit("Pyro", pyro.__version__, seconds, values)


if __name__ == "__main__":
    main()

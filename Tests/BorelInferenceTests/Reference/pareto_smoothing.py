"""Reference values for the tests of Pareto-smoothed importance sampling.

Run with ArviZ 0.23:  python pareto_smoothing.py

The inputs are made by a linear congruential generator that the tests repeat.
"""
import warnings
import numpy as np
import arviz as az

warnings.simplefilter("ignore")
MASK = (1 << 64) - 1


def uniforms(count, state):
    values = []
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) & MASK
        values.append(((state >> 11) + 0.5) / (1 << 53))
    return np.array(values)


print("arviz", az.__version__)
for shape in [0.2, 0.5, 0.9, 1.5]:
    for count in [40, 1000]:
        ratios = -shape * np.log(uniforms(count, 7))
        for efficiency in [1.0, 0.4]:
            smoothed, k = az.psislw(ratios.copy(), reff=efficiency)
            print(shape, count, efficiency, repr(float(k)), repr(float(np.max(smoothed))),
                  repr(float(np.sum(np.exp(smoothed) ** 2))))

# Leave-one-out of the mean of a normal law: 4 chains of 250 draws, 6 data, the last one far off.
draws = 0.5 * (uniforms(1000, 11) + uniforms(1000, 13) + uniforms(1000, 17) - 1.5) * 2
data = np.array([0.3, -0.8, 0.1, 0.9, -0.2, 4.5])
log_likelihood = -0.5 * (data[None, :] - draws[:, None]) ** 2 - 0.5 * np.log(2 * np.pi)
other = -0.125 * (data[None, :] - draws[:, None]) ** 2 - 0.5 * np.log(8 * np.pi)
for values in [log_likelihood, other]:
    idata = az.from_dict(
        posterior={"mu": draws.reshape(4, 250)},
        log_likelihood={"y": values.reshape(4, 250, 6)})
    loo = az.loo(idata, reff=0.8, pointwise=True)
    print(repr(float(loo.elpd_loo)), repr(float(loo.se)), repr(float(loo.p_loo)))
    print([float(x) for x in loo.pareto_k.values])
    print([float(x) for x in loo.loo_i.values])

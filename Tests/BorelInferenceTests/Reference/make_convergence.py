"""Writes convergence.json: diagnostics of fixed chains by ArviZ.

    python3 -m venv venv && venv/bin/pip install "arviz<1"
    venv/bin/python make_convergence.py > convergence.json
"""

import json

import arviz as az
import numpy as np

rng = np.random.default_rng(20261125)


def autoregressive(chains, draws, phi):
    x = np.zeros((chains, draws))
    x[:, 0] = rng.normal(size=chains) / np.sqrt(1 - phi**2)
    for t in range(1, draws):
        x[:, t] = phi * x[:, t - 1] + rng.normal(size=chains)
    return x


cases = {
    "independent": rng.normal(size=(4, 100)),
    "autoregressive": autoregressive(4, 250, 0.9),
    "antithetic": autoregressive(4, 100, -0.7),
    "slow": autoregressive(2, 300, 0.995),
    "heavy tails": rng.standard_cauchy(size=(4, 101)),
    "shifted": rng.normal(size=(4, 100)) + np.array([[0], [0], [0], [1]]),
    "unequal scales": rng.normal(size=(4, 100)) * np.array([[1], [1], [1], [4]]),
    "counts": rng.poisson(2, size=(3, 120)).astype(float),
    "switches": (autoregressive(4, 150, 0.8) > 1).astype(float),
    "one chain": autoregressive(1, 200, 0.5),
    "short": rng.normal(size=(2, 8)),
}

result = {}
for name, draws in cases.items():
    draws = np.round(draws, 5)
    result[name] = {
        "chains": draws.tolist(),
        "rHat": float(az.rhat(draws, method="rank")),
        "essBulk": float(az.ess(draws, method="bulk")),
        "essTail": float(az.ess(draws, method="tail")),
        "mcseMean": float(az.mcse(draws, method="mean")),
        "mcseSd": float(az.mcse(draws, method="sd")),
        "mcseQuantile": [float(az.mcse(draws, method="quantile", prob=p)) for p in (0.05, 0.5, 0.95)],
        "quantiles": np.quantile(draws, (0.05, 0.5, 0.95)).tolist(),
        "sd": float(np.std(draws, ddof=1)),
    }
    # R-hat of a single chain compares its halves, which ArviZ leaves undefined.
    if not np.isfinite(result[name]["rHat"]):
        result[name]["rHat"] = None
print(json.dumps({"arviz": az.__version__, "cases": result}))

"""Opens files of results with ArviZ and compares its numbers with those of Borel.

    python3 -m venv venv && venv/bin/pip install "arviz<1" zarr
    venv/bin/python check_arviz.py SUMMARY.json FIT.zarr FIT-1.stan.csv FIT-2.stan.csv ...

SUMMARY.json is what `borel summary --json` prints of the same draws. Ends with status 1 when a
number differs by more than 1e-6, relative to itself or to 1.
"""

import json
import sys
import warnings

warnings.simplefilter("ignore")
import arviz as az  # noqa: E402
import numpy as np  # noqa: E402


def values(data):
    """The draws by Borel's name of the scalar, shape (chain, draw)."""
    found = {}
    for name, array in data.posterior.items():
        for index in np.ndindex(*array.shape[2:]):
            scalar = name + (f"[{','.join(map(str, index))}]" if index else "")
            found[scalar] = np.asarray(array)[(slice(None), slice(None), *index)]
    return found


def open_zarr(path):
    """With any zarr: ArviZ itself opens files with zarr 2 only."""
    import xarray
    import zarr

    if zarr.__version__.startswith("2."):
        return az.from_zarr(path)
    return az.InferenceData.from_datatree(xarray.open_datatree(path, engine="zarr"))


def main():
    with open(sys.argv[1]) as file:
        summary = json.load(file)["variables"]
    sources = {"zarr": values(open_zarr(sys.argv[2]))}
    if len(sys.argv) > 3:
        sources["cmdstan"] = values(az.from_cmdstan(posterior=sys.argv[3:]))
    failures = 0
    for source, draws in sources.items():
        if set(draws) != set(summary):
            print(f"{source}: variables {sorted(draws)} instead of {sorted(summary)}")
            failures += 1
            continue
        for name, array in draws.items():
            array = array.astype(float)
            expected = {
                "mean": array.mean(),
                "sd": array.std(ddof=1),
                "rHat": float(az.rhat(array)) if array.shape[0] > 1 else None,
                "essBulk": float(az.ess(array, method="bulk")),
                "essTail": float(az.ess(array, method="tail")),
                "mcse": float(az.mcse(array, method="mean")),
                "mcseSd": float(az.mcse(array, method="sd")),
                "q5": float(np.quantile(array, 0.05)),
                "q50": float(np.quantile(array, 0.5)),
                "q95": float(np.quantile(array, 0.95)),
            }
            for key, value in expected.items():
                own = summary[name][key]
                if value is None or not np.isfinite(value):
                    continue
                if own is None or abs(own - value) > 1e-6 * max(1, abs(value)):
                    print(f"{source}: {key} of {name} is {own}, ArviZ says {value}")
                    failures += 1
    print(f"{len(sources)} files, {len(summary)} variables, {failures} differences")
    return 1 if failures else 0


sys.exit(main())

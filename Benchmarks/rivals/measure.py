"""What the scripts of this folder share: processor time, results as lines of JSON, eight schools."""

import json
import math
import resource
import statistics

SCHOOLS = {
    "y": [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0],
    "sigma": [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0]}


def processor_seconds():
    """Of this process and of those that it has waited for."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def timed(body, repeats, warm=True):
    """Results of a body and the processor seconds of each call; a first call may compile."""
    if warm:
        body()
    results, seconds = [], []
    for _ in range(repeats):
        start = processor_seconds()
        results.append(body())
        seconds.append(processor_seconds() - start)
    return results, seconds


def emit(peer, version, seconds, values, **more):
    """One line: median seconds, mean of the values and its standard error."""
    count = len(values)
    spread = statistics.stdev(values) / math.sqrt(count) if count > 1 else None
    print(json.dumps({
        "peer": peer, "version": version, "seconds": statistics.median(seconds),
        "value": statistics.fmean(values), "error": spread, "values": values, **more}), flush=True)


def least_effective_size(draws):
    """The smallest bulk effective sample size of all scalars: name -> (chains, draws, ...)."""
    import arviz
    sizes = arviz.ess(arviz.from_dict(posterior=draws), method="bulk")
    return min(float(sizes[name].min()) for name in sizes.data_vars)


def emit_chains(peer, version, runs, seconds):
    """Effective draws a second, and the posterior mean of mu with its standard error."""
    means = [float(run["mu"].mean()) for run in runs]
    sizes = [least_effective_size(run) for run in runs]
    emit(peer, version, seconds, means,
         effective=statistics.median(sizes),
         rate=statistics.median(size / time for size, time in zip(sizes, seconds)))

"""The level of the Nile, inferred as a whole and year by year."""

import json
import pathlib

import borel

folder = pathlib.Path(__file__).resolve().parent.parent
program = borel.Program((folder / "nile.ppl").read_text(), "nile.ppl")
flows = json.loads((folder / "data" / "nile.json").read_text())["flow"]
nile = program.model()

fit = nile.given(flow=flows).infer("smc(particles: 10_000, groups: 8)", seed=1, threads=2)
print(f"log evidence {fit.log_evidence:.2f} ± {fit.log_evidence_error:.2f}")
level = fit["result"]
print(f"level in 1970: {level.mean:.0f} ± {level.sd:.0f}")

years = nile.filter("smc(particles: 1000)")
for year, flow in enumerate(flows, start=1871):
    state = years.step(flow)
    if year % 20 == 0:
        forecast = state["forecast"]["flow"]
        print(
            f"{year}: flow {flow} where {forecast['mean']:.0f} ± {forecast['sd']:.0f} was foreseen, "
            f"level {state['state']['level']['mean']:.0f}"
        )

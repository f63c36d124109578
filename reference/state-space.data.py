# Moments of the filter at time t come from a run on the data up to t, all else from one on all data.
import re

values = case.get("data") or json.loads((folder / "data.json").read_text())
y = values["y"]
runs = {len(y): ({"y": y}, {})}
for quantity in case["expected"]:
    found = re.fullmatch(r"(filter|smooth)_(mean|sd) ?(\w*)\[(\d+)\]", quantity)
    end, answer = len(y), rule(quantity)
    if found:
        law, kind, name, time = found.groups()
        end = int(time) if law == "filter" else len(y)
        answer = kind, f"{name or 'x'}[{int(time) - 1}]"
    runs.setdefault(end, ({"y": y[:end]}, {}))[1][quantity] = answer
runs = list(runs.values())

# One run for each evidence; states are numbered in the order of network.json.
nodes = json.loads((folder / "network.json").read_text())["nodes"]
states = {node["name"]: node["states"] for node in nodes}


def variable(name):
    return name.lower() if name.isupper() else name[0].lower() + name[1:]


questions = {}
for quantity, answer in case["expected"].items():
    text = quantity[quantity.index("(") + 1:-1]
    node, _, given = text.rpartition(" | ")
    rules = questions.setdefault(given, {})
    if not node:
        rules[quantity] = "logEvidence", None
        continue
    for state in answer["value"]:
        number = states[node].index(state)
        rules[f"{quantity}[{state}]"] = "probability", f"{variable(node)}, {number}"
runs = []
for given, rules in questions.items():
    parts = [] if given == "no evidence" else [p.split("=", 1) for p in given.split(", ")]
    runs.append(({variable(n): states[n].index(s) for n, s in parts}, rules))

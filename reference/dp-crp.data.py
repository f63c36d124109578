# Tables of answers: the probability of 1, 2, ... clusters, and of items i + 1 and j together.
rules = {}
for quantity, answer in case["expected"].items():
    if quantity.startswith("P(number of clusters"):
        for k in range(len(answer["value"])):
            rules[f"{quantity}[{k}]"] = ("probability", f"clusters, {k + 1}")
    if quantity.startswith("co_clustering"):
        for i, row in enumerate(answer["value"]):
            for j in range(len(row)):
                rules[f"{quantity}[{i}][{j}]"] = ("mean", f"together[{i + 1}][{j}]")

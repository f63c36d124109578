# The tree without its description.
tree = json.loads((folder / "tree.json").read_text())
data = {name: tree[name] for name in ("parent", "children", "age", "rho")}

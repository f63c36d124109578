# The data, inline or from a file; numbers as the programs declare them.
data = case.get("data") or json.loads((folder / "data.json").read_text())

# The data without sizes that the lists tell, and without what no program reads.
data = json.loads((folder / "data.json").read_text())
unused = ("J", "N", "K", "T", "D", "k", "year", "mom_hs_new", "mom_iq_new")
data = {name: data[name] for name in data if name not in unused}

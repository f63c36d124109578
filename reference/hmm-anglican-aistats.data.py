# The first state has the address of its first draw, the others those of the loop.
name = "posterior_marginals (17 rows: times 0..16; columns: states 0,1,2)"
variables = ["z"] + [f"z[{t}]" for t in range(16)]
rules = {
    f"{name}[{t}][{state}]": ("probability", f"{variable}, {state}")
    for t, variable in enumerate(variables) for state in range(3)
}

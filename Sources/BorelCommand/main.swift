print("borel")

data = None

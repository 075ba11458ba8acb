"""A network trained as a recipe says: its data, the loop, checkpoints, curves."""

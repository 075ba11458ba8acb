"""A network learns its user's drawings in its last layers, with nothing but NumPy."""

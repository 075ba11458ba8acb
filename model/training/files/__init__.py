"""Keras files: those of others checked first, ours written with their LiteRT export."""

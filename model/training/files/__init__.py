"""Keras files: those of others looked through first, ours written with their LiteRT export."""

"""Keras models of other people: how they read, found out, and made into a bundle."""

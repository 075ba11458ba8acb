"""A model on disk: read, checked, written, swapped."""

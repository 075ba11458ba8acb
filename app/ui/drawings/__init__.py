"""Drawings in rows: My drawings, and the list of several opened files."""

"""Drawings as values: points, strokes, their JSON, and a drawing as a picture."""

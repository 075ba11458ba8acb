"""What a network does with one drawing, as values."""

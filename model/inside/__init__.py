"""What a network does with one drawing, in values."""

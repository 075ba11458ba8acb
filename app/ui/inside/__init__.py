"""See inside: what the network does with the drawing, step by step."""

"""The network that doubts: what isn't a digit, and how it learns that."""

"""The network that doubts: what is no digit, and how it learns that."""

"""The answer: what was read, how sure it is, and a bar for each digit."""

"""The open page: what's in its cells, what its user corrects, and the table that it's saved as."""
